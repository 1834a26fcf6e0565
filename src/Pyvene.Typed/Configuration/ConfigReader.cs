using System.Collections.Immutable;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>Reads a configuration from JSON; the form is in <c>docs/config.schema.json</c>.</summary>
internal static class ConfigReader
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="json">The text.</param>
    /// <param name="largest">How many elements the matrices of interventions that learn may have.</param>
    public static InterventionConfig Read(string json, long largest = SizeLimit.OfText)
    {
        using var limit = SizeLimit.Begin(largest);
        var text = new ConfigurationText();
        return Config(JsonText.Parse(json, text), text);
    }

    /// <summary>Reads a configuration from an object.</summary>
    /// <param name="root">The object.</param>
    /// <param name="text">What has the version.</param>
    public static InterventionConfig Config(JsonPlace root, ConfigurationText text)
    {
        var fields = root.Fields("$schema", "version", "architecture", "mode", "sources", "interventions");
        text.CheckVersion(fields, InterventionConfig.CurrentVersion);
        return Frame(fields) with
        {
            Sources = fields.TryGetValue("sources", out var sources) ? sources.Integer() : 0,
            Interventions = fields.TryGetValue("interventions", out var interventions) ? Interventions(interventions, SameName.Refuse) : [],
        };
    }

    /// <summary>Returns a configuration with the architecture and the mode of fields, and nothing else.</summary>
    public static InterventionConfig Frame(Dictionary<string, JsonPlace> fields) => new()
    {
        Architecture = fields.TryGetValue("architecture", out var architecture) ? architecture.String() : null,
        Mode = fields.TryGetValue("mode", out var mode) ? Named(mode, CompositionMode.Parallel, CompositionMode.Serial) : CompositionMode.Parallel,
    };

    /// <summary>Reads a list of interventions; modules that were made are disposed when it is wrong.</summary>
    /// <param name="json">The list.</param>
    /// <param name="check">Checks what was read.</param>
    public static ImmutableArray<InterventionSpec> Interventions(JsonPlace json, Action<ImmutableArray<InterventionSpec>> check)
    {
        using var links = new LinkedInterventions();
        ImmutableArray<InterventionSpec> read = [.. json.Items().Select(item => Intervention(item, links))];
        check(read);
        links.Keep();
        return read;
    }

    private static InterventionSpec Intervention(JsonPlace json, LinkedInterventions links)
    {
        var fields = json.Fields("type", "link", "parameters", "collects", "component", "layer", "sublayer", "module", "side", "item", "unit", "head_count",
            "head_axis", "heads", "at", "read_heads", "read_at", "features", "steps", "source", "constant", "matched_random", "name");
        var type = fields.TryGetValue("type", out var value)
            ? value
            : throw new InterventionException($"{json.Path}.type", $"'{json.Path}' has no 'type', such as \"interchange\".");
        var spec = new InterventionSpec
        {
            Intervention = Collecting(
                links.Resolve(
                    InterventionTypes.Create(type, fields.TryGetValue("parameters", out var parameters) ? parameters : null, $"{json.Path}.parameters"),
                    fields.TryGetValue("link", out var link) ? link : null),
                fields.TryGetValue("collects", out var collects) ? collects : null),
            Site = new SiteSpec
            {
                Component = fields.TryGetValue("component", out var component) ? component.String() : null,
                Layer = fields.TryGetValue("layer", out var layer) ? layer.Integer() : null,
                Sublayer = fields.TryGetValue("sublayer", out var sublayer) ? sublayer.Integer() : null,
                ModulePath = fields.TryGetValue("module", out var module) ? module.String() : null,
                Side = fields.TryGetValue("side", out var side) ? Named(side, HookSide.Input, HookSide.Output) : HookSide.Output,
                Item = fields.TryGetValue("item", out var item) ? item.Integer() : 0,
                Unit = fields.TryGetValue("unit", out var unit) ? Named(unit, PositionUnit.Position, PositionUnit.Step) : null,
                HeadCount = fields.TryGetValue("head_count", out var headCount) ? headCount.Integer() : null,
                HeadAxis = fields.TryGetValue("head_axis", out var headAxis) ? headAxis.Integer() : null,
                Heads = fields.TryGetValue("heads", out var heads) ? HeadsOf(heads) : null,
                At = fields.TryGetValue("at", out var at) ? PositionsOf(at) : null,
                ReadHeads = fields.TryGetValue("read_heads", out var readHeads) ? HeadsOf(readHeads) : null,
                ReadAt = fields.TryGetValue("read_at", out var readAt) ? PositionsOf(readAt) : null,
                Features = fields.TryGetValue("features", out var features) ? FeaturesOf(features) : null,
                During = fields.TryGetValue("steps", out var steps) ? StepsOf(steps) : null,
            },
            Source = fields.TryGetValue("source", out var source) ? source.Integer() : 0,
            Constant = fields.TryGetValue("constant", out var constant) ? ConstantOf(constant) : null,
            MatchedRandom = !fields.TryGetValue("matched_random", out var seed) ? null
                : seed.Element.IsWhole(out var number) ? number : throw seed.Wrong("a whole number, the seed"),
            Name = fields.TryGetValue("name", out var name) ? name.String() : null,
        };

        if (fields.ContainsKey("component") == fields.ContainsKey("module"))
        {
            throw new InterventionException($"{json.Path}.component", $"'{json.Path}' must name its place, by either \"component\" or \"module\", but names "
                + $"{(fields.ContainsKey("module") ? "both" : "neither")}.");
        }

        return spec;
    }

    /// <summary>Returns the intervention, or the one that collects what its module computes inside.</summary>
    private static Intervention Collecting(Intervention intervention, JsonPlace? collects)
    {
        if (collects is not { } field) return intervention;
        if (intervention is not Learned learned)
        {
            throw field.Error($"asks for what '{intervention.Type}' computes inside, but no module computes it; leave it out");
        }

        try
        {
            return learned with { Collects = Named(field, Inside.Space, Inside.Gate) };
        }
        catch (InterventionException error) when (error.Field != field.Path)
        {
            throw new InterventionException(field.Path, $"'{field.Path}': {error.Message}", error);
        }
    }

    private static Heads HeadsOf(JsonPlace json) =>
        Guard(json, () => json.IsArray ? Heads.Of([.. Integers(json)]) : Heads.PerExample([.. Rows(json, "examples")]));

    private static Features FeaturesOf(JsonPlace json) => Guard(
        json,
        () => json.IsArray ? Features.Of([.. Integers(json)]) : json.IsString ? Features.In(json.Range()) : Features.PerExample([.. Rows(json, "examples")]));

    /// <summary>Reads positions.</summary>
    public static Positions PositionsOf(JsonPlace json)
    {
        return Guard(json, Read);

        Positions Read()
        {
            if (json.IsArray)
            {
                return Positions.Of([.. json.Items().Select(item => item.Index())]);
            }

            if (json.IsString)
            {
                return Positions.In(json.Range());
            }

            var fields = json.Fields("text", "texts", "mark", "examples", "columns");
            return fields.Count != 1 ? throw json.Wrong("one of \"text\", \"texts\", \"mark\", \"examples\" and \"columns\"")
                : fields.TryGetValue("text", out var text) ? Positions.OfText(text.String())
                : fields.TryGetValue("texts", out var texts) ? Positions.OfTexts([.. texts.Items().Select(item => item.String())])
                : fields.TryGetValue("mark", out var mark) ? Positions.Marked(mark.String())
                : fields.ContainsKey("examples") ? Positions.PerExample([.. Rows(json, "examples")])
                : Positions.Columns([.. Rows(json, "columns")]);
        }
    }

    private static Steps StepsOf(JsonPlace json) => Guard(json, () => json.Items().Select(StepOf).ToArray() is { Length: > 0 } parts
        ? parts.Aggregate((left, right) => left.And(right))
        : throw json.Wrong("a list of steps with at least one"));

    private static Steps StepOf(JsonPlace json) =>
        !json.IsString
            ? Steps.At(json.Integer())
            : json.String() switch { "prompt" => Steps.Prompt, "each" => Steps.Each, _ => throw json.Wrong("\"prompt\", \"each\" or a number from 0") };

    private static ConstantSource ConstantOf(JsonPlace json) => Guard(json, () =>
    {
        var fields = json.Fields("shape", "values");
        return fields.Count == 2
            ? new ConstantSource([.. fields["shape"].Items().Select(item => (long)item.Integer())], [.. fields["values"].Items().Select(item => item.Single())])
            : throw json.Wrong("an object with \"shape\" and \"values\"");
    });

    private static IEnumerable<int> Integers(JsonPlace json) => json.Items().Select(item => item.Integer());

    private static IEnumerable<IReadOnlyList<int>> Rows(JsonPlace json, string field) =>
        json.Fields("text", "examples", "columns").TryGetValue(field, out var rows)
            ? rows.Items().Select(row => (IReadOnlyList<int>)Integers(row).ToImmutableArray())
            : throw json.Wrong($"an array, or an object with \"{field}\"");

    /// <summary>Reads one of some names, in small letters.</summary>
    public static T Named<T>(JsonPlace json, params ReadOnlySpan<T> values)
        where T : struct, Enum
    {
        foreach (var value in values)
        {
            if (string.Equals(json.String(), value.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw json.Wrong($"one of {string.Join(", ", values.ToArray().Select(value => $"\"{value.ToString().ToLowerInvariant()}\""))}");
    }

    /// <summary>Gives an argument error of a value the path that the value stands at.</summary>
    public static T Guard<T>(JsonPlace json, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ArgumentException error)
        {
            throw new InterventionException(json.Path, $"'{json.Path}': {error.Message}", error);
        }
    }
}
