using System.Text.Json;
using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Groups.Saved;

/// <summary>Opens a folder of pyvene's <c>save()</c>, compares what lies in it, and runs it.</summary>
internal static class SavedCase
{
    /// <summary>Runs a case.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, string path, NamedModels models)
    {
        using var folder = PyveneFolder.Open(path);
        comparison.Sequence("keys", folder.Experiment.Keys, [.. golden.Required("keys").EnumerateArray().Select(key => PyveneKeys.Current(key.GetString()!))]);
        CompareStates(golden, comparison, folder);
        if (!comparison.Passed) return; // else a part that cannot be run yet would hide it

        var model = models.Of(golden.Required("model").GetString()!);
        folder.LoadModelState(model); // the models of a folder are its own
        var inputs = RunReader.Inputs(golden, golden.Required("base"), "base");
        var call = PyveneCall.FromJson(golden.Required("pyvene").GetRawText());
        var config = folder.ToConfig(model, call, PyveneCallCase.BatchOf(inputs));
        ModelInputs?[] sources = golden.Field("sources") is { } given
            ? [.. given.EnumerateArray().Select(source => source.ValueKind is JsonValueKind.Null ? null : RunReader.Inputs(golden, source, "sources"))]
            : new ModelInputs?[config.Sources];
        InterventionCase.Run(golden, comparison, model, new RecordedRun(config, inputs, sources, new RunOptions { Effects = EffectCheck.Report }));
    }

    private static void CompareStates(GoldenCase golden, Comparison comparison, PyveneFolder folder)
    {
        var expected = golden.Required("state").EnumerateObject().ToDictionary(state => PyveneKeys.Current(state.Name), state => state.Value);
        comparison.Sequence("keys with tensors", [.. folder.States.Keys.Order()], [.. expected.Keys.Order()]);
        foreach (var (key, state) in folder.States)
        {
            if (!expected.TryGetValue(key, out var tensors)) continue;
            comparison.Sequence($"names of {key}", [.. state.Keys.Order()], [.. tensors.EnumerateObject().Select(item => item.Name).Order()]);
            foreach (var tensor in tensors.EnumerateObject())
                comparison.Tensor($"{key} {tensor.Name}", state.GetValueOrDefault(tensor.Name), golden.Tensor(tensor.Value), default);
        }
    }
}
