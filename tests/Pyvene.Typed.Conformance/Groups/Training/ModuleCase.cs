using System.Text.Json;
using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Training;

/// <summary>Calls an intervention that learns with tensors, and compares what it returns and every gradient.</summary>
internal static class ModuleCase
{
    /// <summary>Runs a case.</summary>
    public static void Check(GoldenCase golden, Comparison comparison)
    {
        using var module = ModuleReader.Read(golden.Json, golden.Required("embed_dim").GetInt32());
        module.LoadState(
            golden.Required("state").EnumerateObject().ToDictionary(entry => entry.Name, entry => golden.Tensor(entry.Value)).WithPopulation(module));
        var @base = golden.Tensor(golden.Required("base")).requires_grad_();
        var source = golden.Tensor(golden.Required("source")).requires_grad_();
        var got = module.Apply(@base, source, Features(golden));
        comparison.Tensor("out", got, golden.Tensor(golden.Required("out")), golden.Tolerance(Tolerance.Forward));
        got.backward([golden.Tensor(golden.Required("grad_out"))]);
        var gradients = module.ParametersByFileName().ToDictionary(item => item.Name, item => item.Parameter.grad);
        // Where all is replaced the base takes no part, which is recorded as a gradient of zeros.
        (gradients["base"], gradients["source"]) = (@base.grad ?? zeros_like(@base), source.grad ?? zeros_like(source));
        foreach (var expected in golden.Required("grads").EnumerateObject())
        {
            var gradient = gradients.GetValueOrDefault(expected.Name);
            if (expected.Value.ValueKind is JsonValueKind.Null) comparison.Holds(
                gradient is null || gradient.abs().max().Real() == 0, $"{expected.Name} has a gradient");
            else comparison.Tensor($"gradient of {expected.Name}", gradient, golden.Tensor(expected.Value), golden.Tolerance(Tolerance.Gradient));
        }
    }

    /// <summary>A case gives floating entries only; what counts the dimensions is the module's own.</summary>
    private static Dictionary<string, Tensor> WithPopulation(this Dictionary<string, Tensor> state, InterventionModule module)
    {
        foreach (var (name, value) in module.CopyState())
        {
            if (!value.is_floating_point() && name is not ("embed_dim" or "interchange_dim")) state[name] = value;
        }

        return state;
    }

    /// <summary>A dimension that is named twice is replaced once, so rows of different lengths are filled up with their last.</summary>
    private static Tensor? Features(GoldenCase golden)
    {
        if (golden.Field("subspaces") is not { } subspaces) return null;
        var rows = FeatureReader.Read(subspaces, golden.Field("subspace_partition"), 0);
        var longest = rows.Max(row => row.Length);
        return tensor(
            rows.SelectMany(row => Enumerable.Range(0, longest).Select(place => (long)row[Math.Min(place, row.Length - 1)])).ToArray(),
            [rows.Length, longest],
            device: GoldenDevice.Current); // [batch, dimension]
    }
}
