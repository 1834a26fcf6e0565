using System.Text.Json;
using Pyvene.Typed.Conformance.Groups.Models;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads the canonical fields of a case: interventions, locations, subspaces, sources and what the call adds.</summary>
internal static class RunReader
{
    /// <summary>Reads a case that runs on a model.</summary>
    /// <exception cref="CaseFieldException">A field is not what it must be.</exception>
    /// <exception cref="UnsupportedCaseException">The library lacks what the case asks for.</exception>
    public static RecordedRun Read(GoldenCase golden, PretrainedModel model)
    {
        var entries = golden.Required("interventions").EnumerateArray().ToArray();
        var architecture = ArchitectureOf(model);
        if (architecture is null && entries.Any(fields => fields.GetProperty("component").ValueKind is JsonValueKind.String))
            throw new UnsupportedCaseException($"the components of {model.GetName()} are not described yet");
        CheckList(entries);
        var groups = entries.Select(Group).Distinct().Order().ToArray();
        // Without sources every group is skipped, which leaves the members that need none.
        var sources = golden.Field("sources")?.EnumerateArray().Select(source => source.ValueKind is JsonValueKind.Null ? null : Inputs(golden, source)).ToArray()
            ?? new ModelInputs?[groups.Length];
        var config = new InterventionConfig
        {
            Architecture = architecture,
            Mode = Mode(golden),
            Sources = groups.Length,
            Interventions = [.. entries.Select((fields, index) => Spec(golden, fields, index, groups, sources, architecture))],
        };
        return new RecordedRun(config, WithCall(golden, Inputs(golden, golden.Required("base"))), sources, Options(golden));
    }

    private static InterventionSpec Spec(GoldenCase golden, JsonElement fields, int index, int[] groups, ModelInputs?[] sources, string? architecture)
    {
        var subspaces = Entry(golden, "subspaces", index);
        var intervention = InterventionReader.Read(golden, fields, subspaces, $"subspaces[{index}]");
        var location = Entry(golden, "locations", index) ?? throw new CaseFieldException("locations", $"has no entry for intervention {index}");
        var site = SiteReader.Read(fields, location, index, HasHeads(fields, architecture));
        if (intervention is NoiseIntervention noise) noise.CheckUnits(location, index);
        var features = subspaces is { } rows && intervention is not ExpressionIntervention ? FeatureReader.Read(rows, Field(fields, "subspace_partition"), index, intervention.Writes) : null;
        if (features is not null) site = site with { Features = CaseFieldException.Naming($"subspaces[{index}]", () => Features.PerExample(features)) };

        var source = Array.IndexOf(groups, Group(fields));
        var constant = Field(fields, "source_representation") ?? Entry(golden, "source_representations", index);
        var reads = intervention.Source is not SourceNeed.None && constant is null && sources.ElementAtOrDefault(source) is not null;
        if (reads && (site.At ?? (object?)site.Heads) is not null && (site.ReadAt ?? (object?)site.ReadHeads) is null)
            throw new CaseFieldException($"locations[{index}].source", "an intervention with a source needs a source location where the base has one");
        return new InterventionSpec
        {
            Intervention = intervention,
            Site = site,
            Source = source,
            Constant = constant is { } value ? ConstantReader.Read(golden.Tensor(value), features, $"interventions[{index}].source_representation") : null,
        };
    }

    /// <summary>Checks what the library's configuration has no field for: the order of groups, links, and the number of units.</summary>
    private static void CheckList(JsonElement[] entries)
    {
        for (var index = 0; index < entries.Length; index++)
        {
            var place = $"interventions[{index}]";
            if (Field(entries[index], "max_units")?.GetInt32() < 1) throw new CaseFieldException($"{place}.max_units", "must be at least 1");
            if (index > 0 && Group(entries[index]) < Group(entries[index - 1])) throw new CaseFieldException($"{place}.group", "groups must not descend");
            if (Field(entries[index], "link") is not { } link) continue;
            var first = entries.First(entry => Field(entry, "link")?.GetRawText() == link.GetRawText());
            if (first.GetProperty("type").GetString() != entries[index].GetProperty("type").GetString())
                throw new CaseFieldException($"{place}.link", "linked interventions must have one type");
        }
    }

    /// <summary>The key of the architecture that describes the model's class; null leaves module paths.</summary>
    private static string? ArchitectureOf(PretrainedModel model) => ArchitectureDescriptor.KnownKeys.FirstOrDefault(key =>
        ArchitectureDescriptor.TryFind(key, out var descriptor) && descriptor.Classes.ContainsKey(model.GetName()));

    private static bool? HasHeads(JsonElement fields, string? architecture) =>
        architecture is not null && ArchitectureDescriptor.TryFind(architecture, out var descriptor)
        && fields.GetProperty("component") is { ValueKind: JsonValueKind.String } name && descriptor.TryFindComponent(name.GetString()!, out var component)
            ? component.Heads is not null : null;

    private static CompositionMode Mode(GoldenCase golden) => golden.Text("mode") switch
    {
        null or "parallel" => CompositionMode.Parallel,
        "serial" => CompositionMode.Serial,
        var mode => throw new CaseFieldException("mode", $"'{mode}' is neither parallel nor serial"),
    };

    private static RunOptions Options(GoldenCase golden)
    {
        var wantsClean = golden.Field("expect") is { } expect && (expect.TryGetProperty("original_logits", out _) || expect.TryGetProperty("effect", out _));
        var asksClean = golden.Field("call") is { } call && call.TryGetProperty("output_original_output", out var output) && output.GetBoolean();
        return new RunOptions { WithClean = wantsClean || asksClean, Effects = EffectCheck.Report };
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

    /// <summary>An intervened run needs no cache: where a case wants one, its call says so.</summary>
    private static ModelInputs Inputs(GoldenCase golden, JsonElement arguments) => ModelCall.Inputs(golden, arguments) with { UseCache = false };

    private static int Group(JsonElement fields) => Field(fields, "group")?.GetInt32() ?? 0;

    private static JsonElement? Field(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static JsonElement? Entry(GoldenCase golden, string list, int index) =>
        golden.Field(list) is { } entries && index < entries.GetArrayLength() && entries[index].ValueKind is not JsonValueKind.Null ? entries[index] : null;
}
