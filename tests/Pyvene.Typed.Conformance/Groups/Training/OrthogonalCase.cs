using Pyvene.Typed.Interventions.Trainable;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Training;

/// <summary>Compares an orthogonal matrix with PyTorch's parametrisation: its value, its gradient, and what assigning a weight does.</summary>
internal static class OrthogonalCase
{
    private const string Original = "original";
    private const string Base = "0.base";

    /// <summary>Runs a case.</summary>
    public static void Check(GoldenCase golden, Comparison comparison)
    {
        var weight = golden.Tensor(golden.Required("weight"));
        using var matrix = OrthogonalMatrix.Random(weight.shape[0], weight.shape[1]).to(weight.device);
        var entries = matrix.StateEntries("").ToDictionary(entry => entry.Name);
        if ((golden.Field("assigned") ?? golden.Field("given")) is { } given)
        {
            matrix.Assign(golden.Tensor(given));
            comparison.Tensor(Original, entries[Original].Copy(), golden.Tensor(golden.Required(Original)), golden.Tolerance(Tolerance.Forward));
            if (golden.Field("base_first_columns") is { } first)
                comparison.Tensor(
                    "first columns of the base", entries[Base].Copy().narrow(1, 0, matrix.Columns), golden.Tensor(first), golden.Tolerance(Tolerance.Forward));
        }
        else
        {
            using var quiet = no_grad();
            entries[Original].Replace(golden.Tensor(golden.Required(Original)));
            entries[Base].Replace(golden.Tensor(golden.Required("base")));
        }

        var got = matrix.Evaluate();
        comparison.Tensor("weight", got, weight, golden.Tolerance(Tolerance.Forward));
        if (golden.Field("grad_weight") is not { } gradient) return;
        got.backward([golden.Tensor(gradient)]);
        comparison.Tensor(
            "gradient of original", entries[Original].Live!.grad, golden.Tensor(golden.Required("grad_original")), golden.Tolerance(Tolerance.Gradient));
    }
}
