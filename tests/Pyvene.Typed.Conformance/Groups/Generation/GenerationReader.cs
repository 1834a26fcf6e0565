using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Conformance.Groups.Interventions;
using Pyvene.Typed.Conformance.Groups.Models;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Generation;

/// <summary>Reads a case of <c>generation</c>: every intervention has a source of its own, and says with <c>when</c> in which steps it acts.</summary>
internal static class GenerationReader
{
    /// <summary>Reads the configuration, the inputs and the options of a case.</summary>
    public static RecordedGeneration Read(GoldenCase golden, PretrainedModel model)
    {
        var interventions = golden.Required("interventions").EnumerateArray().Select((fields, index) => Intervention(golden, fields, index)).ToArray();
        var config = new InterventionConfig
        {
            Architecture = model.Config.ModelType,
            Sources = golden.Required("sources").GetArrayLength(),
            Interventions = [.. interventions],
        };
        var options = GenerationOptions.Parse(golden.Required("generate").GetRawText(), $"case '{golden.Id}'") with { OutputLogits = true };
        return new RecordedGeneration(
            config,
            Inputs(golden, golden.Required("base")),
            [.. golden.Required("sources").EnumerateArray().Select(source => source.ValueKind == JsonValueKind.Null ? null : Inputs(golden, source))],
            options);
    }

    private static InterventionSpec Intervention(GoldenCase golden, JsonElement fields, int index)
    {
        var when = golden.Required("when")[index];
        var location = golden.Field("locations")?[index];
        int[]? features = fields.TryGetProperty("dims", out var dims) ? [.. dims.EnumerateArray().Select(dim => dim.GetInt32())] : null;
        var constant = fields.TryGetProperty("source_representation", out var value) && value.ValueKind != JsonValueKind.Null ? golden.Tensor(value) : null;
        return new InterventionSpec
        {
            Intervention = TypeOf(golden, fields),
            Source = index,
            Constant = constant is null ? null : ConstantSource.Of(constant),
            Site = new SiteSpec
            {
                Component = fields.TryGetProperty("component", out var component) ? component.GetString() : null,
                Layer = fields.TryGetProperty("layer", out var layer) ? layer.GetInt32() : null,
                ModulePath = fields.TryGetProperty("path", out var path) ? path.GetString() : null,
                Side = fields.TryGetProperty("side", out var side) && side.GetString() == "input" ? HookSide.Input : HookSide.Output,
                At = (Given(when, "prompt") ?? Given(when, "encoder")) is { ValueKind: JsonValueKind.Array } prompt
                    ? Positions.Columns([.. IndexTable.Read(prompt, "when")])
                    : null,
                ReadAt = location is { ValueKind: JsonValueKind.Object } chosen
                    ? Positions.Columns([.. IndexTable.Read(chosen.GetProperty("source"), "locations")])
                    : null,
                Features = features is null ? null : Features.Of(features),
                During = StepsOf(when),
            },
        };
    }

    private static Intervention TypeOf(GoldenCase golden, JsonElement fields) => fields.GetProperty("type").GetString() switch
    {
        "add_scaled" => Scaled(fields, static (@base, source, scale) => @base.add(source * Scalars.Of(scale), Scalars.Of(1))),
        "low_rank_rotated_space" => LowRank(golden, fields.GetProperty("params"), fields.GetProperty("low_rank_dimension").GetInt32()),
        "multiply" => Scaled(fields, static (@base, _, scale) => @base * Scalars.Of(scale)),
        _ => InterventionReader.Read(golden, fields, null, "interventions"),
    };

    /// <summary>A case gives the tensors that pyvene saves: the factors of the rotation, not the matrix itself.</summary>
    private static Learned LowRank(GoldenCase golden, JsonElement parameters, int rank)
    {
        var recorded = parameters.EnumerateObject().ToDictionary(parameter => parameter.Name, parameter => golden.Tensor(parameter.Value));
        // without a cache, several tokens are in one pass
        var module = new LowRankRotatedSpace((int)recorded["rotate_layer.parametrizations.weight.original"].shape[0], rank) { IsPerUnit = true };
        var state = module.CopyState().ToDictionary();
        foreach (var (name, value) in recorded)
        {
            state[name] = value;
        }

        module.LoadState(state);
        return new Learned(module);
    }

    private static CustomIntervention Scaled(JsonElement fields, Func<Tensor, Tensor, double, Tensor> apply)
    {
        var scale = fields.GetProperty("scale").GetDouble();
        return new CustomIntervention((@base, source, _) => apply(@base, source ?? @base, scale), fields.GetProperty("type").GetString()!);
    }

    private static Steps? StepsOf(JsonElement when)
    {
        if (Given(when, "encoder") is not null) return Steps.Prompt;
        if (Given(when, "decoder_calls") is { } calls) return StepsOfCalls(calls);
        var prompt = Given(when, "prompt") is null ? null : Steps.Prompt;
        var steps = Given(when, "steps") switch
        {
            { ValueKind: JsonValueKind.String } => Steps.Each,
            { ValueKind: JsonValueKind.Array } chosen => Steps.At([.. chosen.EnumerateArray().Select(step => step.GetInt32())]),
            _ => null,
        };
        return prompt is null ? steps : steps is null ? prompt : prompt.And(steps);
    }

    // A decoder's first call reads the token that the text begins with, which is its prompt; each further one the token that was generated before.
    private static Steps StepsOfCalls(JsonElement calls)
    {
        if (calls.ValueKind == JsonValueKind.String) return Steps.Prompt.And(Steps.Each);
        var numbers = calls.EnumerateArray().Select(call => call.GetInt32()).ToArray();
        Steps? later = numbers.Any(call => call > 0) ? Steps.At([.. numbers.Where(call => call > 0).Select(call => call - 1)]) : null;
        return !numbers.Contains(0) ? later! : later is null ? Steps.Prompt : Steps.Prompt.And(later);
    }

    private static JsonElement? Given(JsonElement when, string field) =>
        when.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Reads prompts; with a mask, positions are its cumulative sum − 1, and 1 where there is padding, as generate() makes them.</summary>
    private static ModelInputs Inputs(GoldenCase golden, JsonElement arguments)
    {
        var inputs = ModelCall.Inputs(golden, arguments) with { UseCache = false };
        return inputs.AttentionMask is not { } mask
            ? inputs
            : inputs with { PositionIds = (mask.to(int64).cumsum(1) - Scalars.Of(1)).masked_fill(mask == Scalars.Of(0), Scalars.Of(1)) };
    }
}
