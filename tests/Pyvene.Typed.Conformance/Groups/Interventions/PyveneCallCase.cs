using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pyvene.Typed.Conformance.Expressions;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Checks that the literal pyvene call of a case is read as what its canonical fields say.</summary>
internal static partial class PyveneCallCase
{
    /// <summary>Compares the configuration of a call with the canonical one; a case without a literal call has nothing to compare.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, PretrainedModel model, RecordedRun recorded)
    {
        if (golden.Field("pyvene") is not { } call || call.Optional("config") is null || UsesNoise(golden)) return;
        var read = Read(golden, call, model, recorded.Base);
        var (got, want) = (Comparable(read, recorded), Comparable(recorded.Config, recorded));
        comparison.Holds(got == want, $"the pyvene call reads as {got.ToJson(withoutTensors: true)}, expected {want.ToJson(withoutTensors: true)}");
    }

    /// <summary>Checks that a call is refused before anything runs, by an error that names the field.</summary>
    public static void CheckRefusal(GoldenCase golden, Comparison comparison, PretrainedModel model)
    {
        var field = golden.Required("error_field").GetString()!;
        var inputs = RunReader.Inputs(golden, golden.Required("base"), "base");
        try
        {
            var config = Read(golden, golden.Required("pyvene"), model, inputs);
            using var plan = InterventionPlan.Bind(model, config);
            using var run = plan.Run(inputs, new ModelInputs?[config.Sources], new RunOptions { Effects = EffectCheck.Report });
            comparison.Holds(golden.Flag("lenient"), $"nothing was refused, expected an error that names {field}");
        }
        catch (InterventionException refused)
        {
            comparison.Holds(Names(refused, field), $"the error names '{refused.Field}', expected {field}: {refused.Message}");
        }
    }

    /// <summary>Checks the names and groups that pyvene gives to the entries of a configuration.</summary>
    public static void CheckKeys(GoldenCase golden, Comparison comparison)
    {
        var config = golden.Field("pyvene")?.GetProperty("config")
            ?? JsonSerializer.SerializeToElement(golden.Required("interventions").EnumerateArray().Select(Entry), JsonForm.Plain);
        var experiment = PyveneExperiment.FromJson(JsonSerializer.Serialize(new { config }, JsonForm.Plain));
        var expected = golden.Required("expect");
        comparison.Sequence("keys", experiment.Keys, [.. expected.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!)]);
        comparison.Exact("groups", experiment.SourceCount, expected.GetProperty("groups").GetInt32());
    }

    /// <summary>The number of examples of inputs.</summary>
    public static int BatchOf(ModelInputs inputs) => (int)(inputs.InputIds ?? inputs.InputsEmbeds ?? inputs.PixelValues ?? inputs.Arguments![0]).shape[0];

    private static InterventionConfig Read(GoldenCase golden, JsonElement call, PretrainedModel model, ModelInputs inputs)
    {
        var options = new PyveneJsonOptions
        {
            Tensor = name => golden.Tensor(JsonSerializer.SerializeToElement(new { t = name }, JsonForm.Plain)),
            Function = (text, subspaces) => new ExpressionIntervention(
                Expression.Compile(text), subspaces is null ? null : [.. subspaces.Select(row => row.ToArray())]),
        };
        var json = WithSources(call, golden).ToJsonString();
        return PyveneExperiment.FromJson(json, options).ToConfig(model, PyveneCall.FromJson(json, options), BatchOf(inputs));
    }

    /// <summary>The numbers of a call's sources are those of the case's sources, some of which are left out.</summary>
    private static JsonObject WithSources(JsonElement call, GoldenCase golden)
    {
        var json = JsonObject.Create(call)!;
        if (json["sources"] is not JsonArray sources || golden.Field("sources") is not { } given) return json;
        var isMissing = sources.Select(source =>
            source?.GetValueKind() is JsonValueKind.Number && given[source.GetValue<int>()].ValueKind is JsonValueKind.Null).ToArray();
        for (var index = 0; index < isMissing.Length; index++)
            if (isMissing[index]) sources[index] = null;
        return json;
    }

    private static bool UsesNoise(GoldenCase golden) =>
        golden.Required("interventions").EnumerateArray().Any(fields => fields.GetProperty("type").GetString() is "noise");

    /// <summary>
    /// Leaves out what cannot be compared or written, functions and weights, and what has no meaning: where a source is read that is not read.
    /// </summary>
    private static InterventionConfig Comparable(InterventionConfig config, RecordedRun recorded) => config with
    {
        Interventions = [.. config.Interventions.Select(spec =>
        {
            var isRead = spec.Intervention.Source is not SourceNeed.None && spec.Constant is null
                && recorded.Sources.ElementAtOrDefault(spec.Source) is not null;
            return spec with
            {
                Intervention = spec.Intervention is ExpressionIntervention or Learned ? new Skip() : spec.Intervention,
                Site = isRead ? spec.Site : spec.Site with { ReadAt = null, ReadHeads = null },
            };
        })],
    };

    /// <summary>Compares the field of an error, in pyvene's terms, with that of the canonical case.</summary>
    private static bool Names(InterventionException refused, string field)
    {
        var named = refused.Field.Replace("representations[", "interventions[").Replace(".intervention_type", ".type").Replace(".group_key", ".group");
        var location = LocationIndex().Match(named);
        var names = new[]
        {
            named,
            location.Success ? "unit_locations" : named,
            location.Success ? $"locations[{location.Groups[1].Value}].base" : named,
            refused.Field is "features" ? "subspaces[0]" : named,
        };
        return names.Any(name => name == field || name.StartsWith(field + ".", StringComparison.Ordinal))
            || refused.Message.Contains(field, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^unit_locations[^\[]*(?:\[(\d+)\])?")]
    private static partial Regex LocationIndex();

    private static object Entry(JsonElement fields) => new
    {
        layer = fields.GetProperty("layer").GetInt32(),
        component = fields.GetProperty("component").GetString(),
        unit = fields.GetProperty("unit").GetString(),
        max_number_of_units = fields.GetProperty("max_units").GetInt32(),
    };
}
