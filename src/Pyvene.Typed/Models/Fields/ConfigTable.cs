using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Says what an architecture makes of every field of its configurations: which it reads, which must keep a value, and which do not matter.</summary>
/// <remarks>What stands in none of these lists is unread: nobody here knows whether it changes numbers.</remarks>
internal sealed class ConfigTable
{
    private static readonly JsonElement Null = JsonElement.Parse("null");

    private readonly IReadOnlyDictionary<string, FieldRule> rules;
    private readonly IReadOnlySet<string> harmless;
    private readonly Dictionary<string, string> fieldOf; // by alias

    /// <summary>Initialises the table.</summary>
    /// <param name="rules">The fields that are read, or that must keep a value.</param>
    /// <param name="harmless">Fields that change no number here, beside those of every configuration.</param>
    public ConfigTable(IEnumerable<KeyValuePair<string, FieldRule>> rules, params string[] harmless)
    {
        var all = new Dictionary<string, FieldRule>(CommonFields.Rules, StringComparer.Ordinal);
        foreach (var (field, rule) in rules)
        {
            all[field] = rule;
        }

        this.rules = all;
        this.harmless = CommonFields.Harmless.Concat(harmless).ToHashSet(StringComparer.Ordinal);
        fieldOf = all.Where(item => item.Value.Alias is not null).ToDictionary(item => item.Value.Alias!, item => item.Key, StringComparer.Ordinal);
    }

    /// <summary>Gets the field that says how many layers there are: a number, or a list with one a stage.</summary>
    public string? LayerField { get; init; }

    /// <summary>Gets the tables of the configurations that lie in fields, as those of towers do.</summary>
    public IReadOnlyDictionary<string, ConfigTable> Sections { get; init; } = new Dictionary<string, ConfigTable>();

    /// <summary>Checks a configuration, and returns it with what its absent fields stand for, so that everything that reads it reads the same.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">A field is of another kind or out of range, asks for what is not supported, or contradicts another.</exception>
    public ModelConfig Read(ModelConfig config)
    {
        var found = new Dictionary<string, (string Name, JsonElement Value)>(StringComparer.Ordinal);
        foreach (var member in config.Given)
        {
            var field = fieldOf.GetValueOrDefault(member.Name, member.Name);
            if (!rules.TryGetValue(field, out var rule) || (rule.IsUnsaid && member.Name == field))
            {
                continue;
            }

            if (rule.Problem(member.Name, member.Value) is { } problem)
            {
                throw new CheckpointException(config.Origin, problem) { IsUnsupported = rule.IsNeutral };
            }

            if (found.TryGetValue(field, out var other) && !JsonElement.DeepEquals(other.Value, member.Value))
            {
                throw new CheckpointException(config.Origin, $"'{other.Name}' is {Excerpt.Of(other.Value)}, but '{member.Name}', which means the same, is "
                    + $"{Excerpt.Of(member.Value)}.");
            }

            found[field] = (member.Name, member.Value);
        }

        foreach (var (field, table) in Sections) table.Read(config.Section(field));
        var absent = rules.Where(item => !found.ContainsKey(item.Key) && (item.Value.Default is not null || item.Value.IsUnsaid))
            .Select(item => (item.Key, Value: item.Value.Default ?? Null));
        var renamed = found.Where(item => item.Key != item.Value.Name).Select(item => (item.Key, item.Value.Value));
        return config.Complete([.. absent, .. renamed]);
    }

    /// <summary>Returns the configuration that lies in a field, checked and completed; one that is absent says nothing.</summary>
    /// <param name="config">The configuration around it.</param>
    /// <param name="field">The field, one of <see cref="Sections"/>.</param>
    public ModelConfig Section(ModelConfig config, string field) => Sections[field].Read(config.Section(field));

    /// <summary>Returns whether a field is read, or must keep a value.</summary>
    /// <param name="field">The field's Hugging Face name, or its other name.</param>
    public bool Reads(string field) =>
        (rules.TryGetValue(field, out var rule) && !rule.IsUnsaid) || fieldOf.ContainsKey(field) || Sections.ContainsKey(field);

    /// <summary>
    /// Returns the fields of a configuration that stand in none of the lists, in their order; one that lies in another is <c>text_config.name</c>.
    /// </summary>
    /// <param name="config">The configuration.</param>
    public IReadOnlyList<string> Unread(ModelConfig config) =>
        [.. config.Given.Select(member => member.Name)
            .Where(name => !Reads(name) && !harmless.Contains(name))
            .Distinct(StringComparer.Ordinal)
            .Concat(Sections.SelectMany(section => section.Value.Unread(config.Section(section.Key)).Select(name => $"{section.Key}.{name}")))];

    /// <summary>Compares the number of layers with the names of stored tensors, before a model of so many layers is built.</summary>
    /// <param name="config">The checked configuration.</param>
    /// <param name="names">The stored names.</param>
    /// <exception cref="CheckpointException">There are more layers than the names have numbers.</exception>
    public void CheckLayers(ModelConfig config, IReadOnlyCollection<string> names)
    {
        foreach (var (field, table) in Sections) table.CheckLayers(Section(config, field), names);
        if (LayerField is null || config.GetElement(LayerField) is not { } counts)
        {
            return;
        }

        var most = counts.ValueKind == JsonValueKind.Array ? counts.EnumerateArray().Max(item => item.GetInt64()) : counts.GetInt64();
        var stored = Math.Min(names.Count, names.Aggregate(0L, (largest, name) => Math.Max(largest, LayersUpTo(name))));
        if (most > stored)
        {
            throw new CheckpointException(config.Origin, $"'{LayerField}' is {Excerpt.Of(counts)}, but the checkpoint's {names.Count} tensors are of "
                + $"{stored} layers: no name has a larger number.");
        }
    }

    /// <summary>Returns one more than the largest number between the dots of a name.</summary>
    private static long LayersUpTo(string name)
    {
        var layers = 0L;
        foreach (var range in name.AsSpan().Split('.'))
        {
            if (uint.TryParse(name.AsSpan(range), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                layers = Math.Max(layers, number + 1L);
            }
        }

        return layers;
    }
}
