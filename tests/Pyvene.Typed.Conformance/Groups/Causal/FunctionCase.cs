using System.Text.Json;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Causal;

/// <summary>Checks a function that pyvene has beside its causal models.</summary>
internal static class FunctionCase
{
    private static readonly Tolerance Allowed = new(1e-5, 1e-6);

    /// <summary>Runs a case.</summary>
    public static void Check(GoldenCase golden, Comparison comparison)
    {
        switch (golden.Text("function"))
        {
            case "sigmoid_boundary": Window(SoftBoundary.Sigmoid); break;
            case "harmonic_sigmoid_boundary": Window(SoftBoundary.Harmonic); break;
            case "closeness_to_permutation_loss":
                var loss = PermutationMatrix.Loss(golden.Tensor(golden.Required("rotation")));
                comparison.Number("loss", loss.item<float>(), GoldenCase.Number(golden.Required("out")), golden.Tolerance(Allowed));
                break;
            case "random_permutation_matrix": CheckPermutations(comparison); break;
            case "rotation_token_heatmap": CheckMap(golden, comparison); break;
            case "top_vals": CheckLikeliest(golden, comparison); break;
            case "format_token":
                comparison.Sequence(
                    "tokens", [.. Words(golden, "words").Select((word, id) => new TokenProbability(word, id, 0).Shown)], Words(golden, "out"));
                break;
            case "GET_LOC": CheckLocations(golden, comparison); break;
            case "get_list_depth":
                throw new UnsupportedCaseException("the depth of nested Python lists: places are values here, and pyvene's are read by their kinds");
            case var function: throw new UnsupportedCaseException($"function '{function}' is not supported yet");
        }

        void Window(Func<Tensor, double, double, double, Tensor> window) => comparison.Tensor(
            "out",
            window(golden.Tensor(golden.Required("x")), NumberOf("lower"), NumberOf("upper"), NumberOf("temperature")),
            golden.Tensor(golden.Required("out")),
            golden.Tolerance(Allowed));

        double NumberOf(string name) => GoldenCase.Number(golden.Required(name));
    }

    private static void CheckPermutations(Comparison comparison)
    {
        foreach (var size in (int[])[1, 2, 5, 16])
        {
            var matrix = PermutationMatrix.Random(size, seed: size);
            var isPure = matrix.eq(Scalars.Of(0)).logical_or(matrix.eq(Scalars.Of(1))).all().item<bool>();
            comparison.Holds(isPure, $"an entry of the permutation of {size} is neither 0 nor 1");
            comparison.Tensor($"sums of the rows of {size}", matrix.sum([1]), ones(size), default);
            comparison.Tensor($"sums of the columns of {size}", matrix.sum([0]), ones(size), default);
        }
    }

    private static void CheckMap(GoldenCase golden, Comparison comparison)
    {
        var map = RotationMap.Of(
            golden.Tensor(golden.Required("weight")),
            Words(golden, "tokens"),
            Words(golden, "variables"),
            golden.Required("token_size").GetInt32(),
            golden.Required("intervention_size").GetInt32());
        comparison.Tensor("out", tensor(map.ToArray()), golden.Tensor(golden.Required("out")).to(float64).cpu(), golden.Tolerance(Allowed));
    }

    private static void CheckLikeliest(GoldenCase golden, Comparison comparison)
    {
        var words = Words(golden, "words");
        var found = TokenProbability.Likeliest(golden.Tensor(golden.Required("probabilities")), id => words[id], golden.Required("n").GetInt32());
        var wanted = golden.Required("out").EnumerateArray().ToArray();
        comparison.Sequence("tokens", [.. found.Select(token => token.Shown)], [.. wanted.Select(pair => pair[0].GetString()!)]);
        for (var rank = 0; rank < Math.Min(found.Count, wanted.Length); rank++)
        {
            comparison.Number($"probability {rank}", found[rank].Probability, GoldenCase.Number(wanted[rank][1]), golden.Tolerance(Allowed));
        }
    }

    // What pyvene's function returns must mean the same to the door for literal pyvene calls: this head and this position, in every example.
    private static void CheckLocations(GoldenCase golden, Comparison comparison)
    {
        foreach (var item in golden.Required("cases").EnumerateArray())
        {
            var (head, position, batch) = (item[0][0].GetInt32(), item[0][1].GetInt32(), item[1].GetInt32());
            var units = PyveneUnits.Of(PyveneJson.Of(ConfigurationText.Parse(item[2][0].GetRawText())), "h.pos");
            var (heads, positions) = (units.Heads(batch), units.Positions(batch));
            comparison.Exact($"heads of {batch}", heads, Heads.PerExample([.. Enumerable.Repeat<int[]>([head], batch)]));
            comparison.Exact($"positions of {batch}", positions, Positions.Columns([.. Enumerable.Repeat<int[]>([position], batch)]));
        }
    }

    private static string[] Words(GoldenCase golden, string field) =>
        [.. golden.Required(field).EnumerateArray().Select(word => word.GetString() ?? throw new JsonException($"'{field}' holds no texts"))];
}
