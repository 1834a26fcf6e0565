using System.Text.Json;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Compares what an intervention did to the logits with what it must do.</summary>
internal static class EffectComparison
{
    /// <summary>Below this a difference to the clean run is rounding.</summary>
    private const double Nothing = 2e-6;

    /// <summary>Compares the intervened with the clean run: whether anything changed, by how much, and at which positions.</summary>
    /// <param name="expected"><c>{"noop": true | false | null, "max_abs_logits_change": …, "changed_positions": […]}</c>; null is not judged.</param>
    /// <param name="run">The run, with its clean logits.</param>
    /// <param name="comparison">Gets the outcome.</param>
    /// <param name="tolerance">The tolerance of one run; the change lies between two.</param>
    public static void Compare(JsonElement expected, InterventionRun run, Comparison comparison, Tolerance tolerance)
    {
        var change = (run.Logits - run.CleanLogits!).abs().to(float64).cpu(); // [batch, position, vocab]
        var largest = change.max().item<double>();
        if (expected.GetProperty("noop") is { ValueKind: JsonValueKind.True or JsonValueKind.False } noop)
            comparison.Exact("effect.noop", largest < Nothing, noop.GetBoolean());
        if (expected.TryGetProperty("max_abs_logits_change", out var recorded) && recorded.ValueKind is not JsonValueKind.Null)
            comparison.Number("effect.max_abs_logits_change", largest, GoldenCase.Number(recorded), tolerance with { Atol = 2 * tolerance.Atol });
        if (expected.TryGetProperty("changed_positions", out var positions) && positions.ValueKind is JsonValueKind.Array)
            comparison.Sequence("effect.changed_positions", Changed(change), [.. positions.EnumerateArray().Select(position => position.GetInt64())]);
    }

    private static long[] Changed(Tensor change)
    {
        var byPosition = change.amax([0, .. Enumerable.Range(2, (int)change.ndim - 2).Select(axis => (long)axis)]); // [position]
        return byPosition.ge(Scalars.Of(Nothing)).nonzero().reshape(-1).data<long>().ToArray();
    }
}
