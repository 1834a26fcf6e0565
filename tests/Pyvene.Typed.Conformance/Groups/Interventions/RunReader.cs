using System.Text.Json;
using Pyvene.Typed.Conformance.Groups.Models;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads the canonical fields of a case: the configuration, base and sources, and what the call adds.</summary>
internal static class RunReader
{
    /// <summary>Reads a case that runs on a model.</summary>
    /// <exception cref="CaseFieldException">A field is not what it must be.</exception>
    /// <exception cref="UnsupportedCaseException">The library lacks what the case asks for.</exception>
    public static RecordedRun Read(GoldenCase golden, PretrainedModel model)
    {
        var reader = new ConfigReader(golden, model);
        // Without sources every group is skipped, which leaves the members that need none.
        ModelInputs?[] sources = golden.Field("sources") is { } given
            ? [.. given.EnumerateArray().Select((source, index) => source.ValueKind is JsonValueKind.Null ? null : Inputs(golden, source, $"sources[{index}]"))]
            : new ModelInputs?[reader.Groups.Count];
        var config = reader.Read(group => sources.ElementAtOrDefault(group) is not null);
        var wantsStates = golden.Field("expect")?.Optional("hidden_states") is not null;
        var @base = WithCall(golden, Inputs(golden, golden.Required("base"), "base")) with { OutputHiddenStates = wantsStates };
        return new RecordedRun(config, @base, sources, Options(golden));
    }

    private static RunOptions Options(GoldenCase golden)
    {
        var isCompared = golden.Field("expect") is { } expect && (expect.Optional("original_logits") ?? expect.Optional("effect")) is not null;
        var isAsked = golden.Field("call")?.Optional("output_original_output")?.GetBoolean() is true;
        return new RunOptions { WithClean = isCompared || isAsked, Effects = EffectCheck.Report };
    }

    private static ModelInputs WithCall(GoldenCase golden, ModelInputs inputs)
    {
        if (golden.Field("call") is not { } call) return inputs;
        foreach (var argument in call.EnumerateObject())
        {
            inputs = argument.Name switch
            {
                "labels" => inputs with { Labels = golden.Tensor(argument.Value) },
                "use_cache" => inputs with { UseCache = argument.Value.GetBoolean() },
                "output_original_output" => inputs,
                _ => throw new UnsupportedCaseException($"the call's argument '{argument.Name}' is not supported yet"),
            };
        }

        return inputs;
    }

    /// <summary>Reads the arguments of the base or of a source. An intervened run needs no cache: where a case wants one, its call says so.</summary>
    /// <exception cref="CaseFieldException">The library's models have no such argument.</exception>
    public static ModelInputs Inputs(GoldenCase golden, JsonElement arguments, string field)
    {
        try
        {
            return ModelCall.Inputs(golden, arguments) with { UseCache = false };
        }
        catch (UnsupportedCaseException unknown)
        {
            throw new CaseFieldException(field, unknown.Message);
        }
    }
}
