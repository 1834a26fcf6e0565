using System.Text.Json;
using Pyvene.Typed.Interventions.Trainable;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Training;

/// <summary>Compares the state of a new module: names, shapes, dtypes, what is trained, and the values that are not random.</summary>
internal static class StateCase
{
    /// <summary>Runs a case.</summary>
    public static void Check(GoldenCase golden, Comparison comparison)
    {
        using var module = ModuleReader.Read(golden.Json, golden.Required("embed_dim").GetInt32());
        var state = module.CopyState();
        var trained = module.ParametersByFileName().Where(item => item.Parameter.requires_grad).Select(item => item.Name).ToHashSet();
        var entries = golden.Required("entries").EnumerateArray().ToArray();
        comparison.Sequence(
            "names",
            [.. state.Keys.Order(StringComparer.Ordinal)],
            [.. entries.Select(entry => entry.GetProperty("key").GetString()!).Order(StringComparer.Ordinal)]);
        foreach (var entry in entries)
        {
            var name = entry.GetProperty("key").GetString()!;
            if (!state.TryGetValue(name, out var value)) continue;
            comparison.Sequence($"shape of {name}", value.shape, [.. entry.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64())]);
            comparison.Exact($"dtype of {name}", value.dtype, entry.GetProperty("dtype").GetString() is "int64" ? int64 : float32);
            comparison.Exact($"{name} is trained", trained.Contains(name), entry.GetProperty("requires_grad").GetBoolean());
            if (entry.GetProperty("initial") is { ValueKind: not JsonValueKind.Null } initial)
                comparison.Tensor(name, value.to(float64), Values(initial).reshape(value.shape), golden.Tolerance(Tolerance.Forward));
        }

        // A plain mask is never concatenated over positions, whatever pyvene's flag says.
        if (module is not SigmoidMask) comparison.Exact("keep_last_dim", module.IsPerUnit, golden.Flag("keep_last_dim"));
    }

    private static Tensor Values(JsonElement initial) =>
        tensor(initial.ValueKind is JsonValueKind.Array ? [.. initial.EnumerateArray().Select(item => item.GetDouble())] : new[] { initial.GetDouble() });
}
