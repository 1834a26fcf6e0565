using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads the configuration of a case: interventions, locations, subspaces, constant sources.</summary>
internal sealed class ConfigReader
{
    private readonly GoldenCase _golden;
    private readonly JsonElement[] _entries;
    private readonly ArchitectureDescriptor? _architecture;
    private readonly ArchitectureSizes? _sizes;
    private readonly Dictionary<string, Intervention> _linked = [];

    /// <summary>Starts reading a case that runs on a model.</summary>
    /// <exception cref="UnsupportedCaseException">The case names components of a model that no descriptor describes yet.</exception>
    public ConfigReader(GoldenCase golden, PretrainedModel model)
    {
        _golden = golden;
        _entries = [.. golden.Required("interventions").EnumerateArray()];
        _architecture = ArchitectureDescriptor.KnownKeys.Select(Find).FirstOrDefault(descriptor => descriptor?.Classes.ContainsKey(model.GetName()) is true);
        if (_architecture is null && _entries.Any(fields => fields.Optional("component") is { ValueKind: JsonValueKind.String }))
            throw new UnsupportedCaseException($"the components of {model.GetName()} are not described yet");
        _sizes = _architecture is null ? null : new ArchitectureSizes(_architecture, model.Config);
        Groups = [.. _entries.Select(Group).Distinct().Order()];
    }

    /// <summary>The labels of the groups, each of which has a source of its own, in ascending order.</summary>
    public IReadOnlyList<int> Groups { get; }

    /// <summary>Reads the configuration.</summary>
    /// <param name="hasSource">Tells whether the source of a group is given.</param>
    /// <exception cref="CaseFieldException">A field is not what it must be.</exception>
    /// <exception cref="UnsupportedCaseException">The library lacks what the case asks for.</exception>
    public InterventionConfig Read(Func<int, bool> hasSource)
    {
        for (var index = 0; index < _entries.Length; index++) CheckList(index);
        return new InterventionConfig
        {
            Architecture = _architecture?.Key,
            Mode = _golden.Text("mode") switch
            {
                null or "parallel" => CompositionMode.Parallel,
                "serial" => CompositionMode.Serial,
                var mode => throw new CaseFieldException("mode", $"'{mode}' is neither parallel nor serial"),
            },
            Sources = Groups.Count,
            Interventions = [.. Enumerable.Range(0, _entries.Length).Select(index => Spec(index, hasSource))],
        };
    }

    private InterventionSpec Spec(int index, Func<int, bool> hasSource)
    {
        var fields = _entries[index];
        var subspaces = _golden.Entry("subspaces", index);
        var intervention = Shared(fields, InterventionReader.Read(_golden, fields, subspaces, $"subspaces[{index}]"));
        var location = Location(index);
        var site = SiteReader.Read(fields, location, index, HasHeads(fields));
        // A lambda gets its subspaces as they are: they do not narrow what it sees.
        var features = subspaces is { } rows && intervention is not ExpressionIntervention
            ? FeatureReader.Read(rows, fields.Optional("subspace_partition"), index) : null;
        if (features is not null) site = site with { Features = CaseFieldException.Naming($"subspaces[{index}]", () => Features.PerExample(features)) };

        var source = Groups.Index().First(group => group.Item == Group(fields)).Index;
        var constant = fields.Optional("source_representation") ?? _golden.Entry("source_representations", index);
        if (intervention.Source is not SourceNeed.None && constant is null && hasSource(source)) CheckSourceLocation(site, index);
        return new InterventionSpec
        {
            Intervention = intervention,
            Site = site,
            Source = source,
            Constant = constant is { } value ? ConstantSource.Of(_golden.Tensor(value)) : null,
        };
    }

    /// <summary>The location of an intervention, or, where the case links source to source, that of the link which its group reads for.</summary>
    private JsonElement Location(int index)
    {
        if (_golden.Field("links") is not { } links)
            return _golden.Entry("locations", index) ?? throw new CaseFieldException("locations", $"has no entry for intervention {index}");
        var group = Group(_entries[index]);
        var next = group == Groups[^1] ? "base" : $"source_{group + 1}";
        var link = links.Optional($"source_{group}->{next}") ?? throw new CaseFieldException("links", $"has no entry 'source_{group}->{next}'");
        var first = _entries.Index().First(entry => Group(entry.Item) == group).Index;
        var sides = link.EnumerateObject().Where(side => side.Value.ValueKind is JsonValueKind.Array)
            .ToDictionary(side => side.Name, side => side.Value[index - first]); // a link has a list an intervention of its group
        return JsonSerializer.SerializeToElement(sides, JsonForm.Plain);
    }

    /// <summary>Checks what the library's configuration has no field for: the number of units, the order of groups, and links.</summary>
    private void CheckList(int index)
    {
        var (fields, place) = (_entries[index], $"interventions[{index}]");
        if (fields.Optional("max_units")?.GetInt32() < 1) throw new CaseFieldException($"{place}.max_units", "must be at least 1");
        if (index > 0 && Group(fields) < Group(_entries[index - 1])) throw new CaseFieldException($"{place}.group", "groups must not descend");
        if (fields.Optional("link") is not { } link) return;
        var first = _entries.First(entry => entry.Optional("link")?.GetRawText() == link.GetRawText());
        if (first.GetProperty("type").GetString() != fields.GetProperty("type").GetString())
            throw new CaseFieldException($"{place}.link", "linked interventions must have one type");
        if (WidthOf(first) is { } width && WidthOf(fields) is { } other && width != other)
            throw new CaseFieldException($"{place}.link", $"linked interventions must have one width, found {width} and {other}");
    }

    /// <summary>Linked interventions share their parameters: all become the first of them.</summary>
    private Intervention Shared(JsonElement fields, Intervention intervention)
    {
        if (intervention is not IStatefulIntervention || fields.Optional("link") is not { } link) return intervention;
        _linked.TryAdd(link.GetRawText(), intervention);
        return _linked[link.GetRawText()];
    }

    private static void CheckSourceLocation(SiteSpec site, int index)
    {
        if ((site.At is not null || site.Heads is not null) && site.ReadAt is null && site.ReadHeads is null)
            throw new CaseFieldException($"locations[{index}].source", "an intervention with a source needs a source location where the base has one");
    }

    private bool? HasHeads(JsonElement fields) => ComponentOf(fields) is { } component ? component.Heads is not null : null;

    private long? WidthOf(JsonElement fields) => ComponentOf(fields)?.Width is { } expression ? _sizes!.TryEvaluate(expression) : null;

    /// <summary>The description of the component that an intervention names; null for a module path or a name that the model does not have.</summary>
    private ComponentDescriptor? ComponentOf(JsonElement fields) =>
        fields.Optional("component") is { ValueKind: JsonValueKind.String } name
            && _architecture?.TryFindComponent(name.GetString()!, out var component) is true
            ? component : null;

    private static ArchitectureDescriptor? Find(string key) => ArchitectureDescriptor.TryFind(key, out var descriptor) ? descriptor : null;

    // Where no group is recorded at all, every intervention has a source of its own.
    private int Group(JsonElement fields) => fields.TryGetProperty("group", out _) ? fields.Optional("group")?.GetInt32() ?? 0
        : Array.IndexOf(_entries, fields);
}
