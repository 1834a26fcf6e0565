using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Models;

/// <summary>Reads a model's <c>config.json</c>; every field that a file has can be asked for by its Hugging Face name.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class ModelConfig
{
    /// <summary>The largest file that is read as a configuration, in bytes.</summary>
    internal const long LargestFile = 16 << 20;


    private readonly JsonElement root; // always an object
    private readonly IReadOnlySet<string> completed; // fields that were absent and stand for what that means

    private ModelConfig(JsonElement root, string origin, IReadOnlySet<string> completed)
    {
        (this.root, this.completed) = (root, completed);
        Origin = origin;
    }

    /// <summary>Gets where the configuration came from, for messages: a file path or a description.</summary>
    public string Origin { get; }

    /// <summary>Gets the architecture's key, such as <c>gpt2</c>; empty when the file has none.</summary>
    /// <exception cref="Errors.CheckpointException">The field is no text.</exception>
    public string ModelType => GetString("model_type") ?? "";

    /// <summary>Gets the class names that the checkpoint was saved from, such as <c>GPT2LMHeadModel</c>.</summary>
    /// <exception cref="Errors.CheckpointException">The field is no list of texts.</exception>
    public IReadOnlyList<string> Architectures =>
        Present("architectures") is not { } value ? []
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
        : throw Another("architectures", "a list of class names", value);

    /// <summary>Parses a configuration.</summary>
    /// <param name="json">The text of a <c>config.json</c>; Python's <c>Infinity</c> and <c>NaN</c> may stand in it, the second as no value.</param>
    /// <param name="origin">Where the text came from, for messages.</param>
    /// <exception cref="Errors.CheckpointException">The text is not a JSON object.</exception>
    public static ModelConfig Parse(string json, string origin)
    {
        var place = JsonText.Parse(json, new CheckpointJson(origin, "The configuration"));
        return place.Element.ValueKind == JsonValueKind.Object ? new ModelConfig(place.Element, origin, new HashSet<string>()) : throw place.Wrong("an object");
    }

    /// <summary>Returns a field as text, or <see langword="null"/> when it is absent or null.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    /// <exception cref="Errors.CheckpointException">The field is of another kind.</exception>
    public string? GetString(string field) =>
        Present(field) is { } value ? value.ValueKind == JsonValueKind.String ? value.GetString() : throw Another(field, "a text", value) : null;

    /// <summary>Returns a field as a whole number, or <see langword="null"/> when it is absent or null.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    /// <exception cref="Errors.CheckpointException">The field is of another kind, or no whole number of 64 bits.</exception>
    public long? GetInteger(string field) => Present(field) is { } value ? Whole(field, value) : null;

    /// <summary>Returns a field as a number, or <see langword="null"/> when it is absent or null.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    /// <exception cref="Errors.CheckpointException">The field is of another kind.</exception>
    public double? GetNumber(string field) =>
        Present(field) is { } value ? value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Another(field, "a number", value) : null;

    /// <summary>Returns a field as a truth value, or <see langword="null"/> when it is absent or null.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    /// <exception cref="Errors.CheckpointException">The field is of another kind.</exception>
    public bool? GetBoolean(string field) =>
        Present(field) is { } value
            ? value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Another(field, "true or false", value)
            : null;

    /// <summary>Returns a copy of this configuration in which some fields are replaced.</summary>
    /// <param name="fields">A JSON object with the fields to replace, such as <c>{"problem_type": "regression"}</c>.</param>
    /// <exception cref="Errors.CheckpointException">The text is not a JSON object.</exception>
    public ModelConfig With(string fields)
    {
        var changes = Parse(fields, "the replaced fields of a configuration");
        return With(changes.root.EnumerateObject().Select(member => (member.Name, member.Value)));
    }

    /// <summary>Returns a copy of this configuration in which some fields are replaced.</summary>
    /// <param name="changes">The fields with their values.</param>
    internal ModelConfig With(IEnumerable<(string Field, JsonElement Value)> changes)
    {
        var merged = root.EnumerateObject().Select(member => (Field: member.Name, member.Value)).Concat(changes);
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (field, value) in merged)
        {
            fields[field] = value;
        }

        return new ModelConfig(
            JsonSerializer.SerializeToElement(fields, JsonForm.Plain),
            Origin,
            completed.Except(changes.Select(change => change.Field)).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Returns a copy of this configuration with values for fields that are absent, or that nothing reads under their name.</summary>
    /// <param name="values">The fields with their values; one that is absent does not count as one that is <see cref="Given"/>.</param>
    internal ModelConfig Complete(IReadOnlyCollection<(string Field, JsonElement Value)> values)
    {
        var given = Given.Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
        return new ModelConfig(
            With(values).root, Origin, values.Select(item => item.Field).Where(field => !given.Contains(field)).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Gets the fields that the file or the program gave, in their order.</summary>
    internal IEnumerable<JsonProperty> Given => root.EnumerateObject().Where(member => !completed.Contains(member.Name));

    /// <summary>Returns what the file or the program gave as JSON text.</summary>
    internal string ToJson() => JsonSerializer.Serialize(Given.ToDictionary(member => member.Name, member => member.Value), JsonForm.Indented) + "\n";

    /// <summary>
    /// Gets how many tokens a text may have for the model; <see langword="null"/> = any number. What grows with the text, as dynamic scaling of rotary
    /// positions does, has no bound.
    /// </summary>
    internal long? ContextLength => new[] { "rope_scaling", "rope_parameters" }.Any(name => GetElement(name) is { ValueKind: JsonValueKind.Object } scaling
        && scaling.GetRawText().Contains("\"dynamic\"", StringComparison.Ordinal))
        ? null
        : GetInteger("max_position_embeddings") ?? GetInteger("n_positions");

    /// <summary>Returns a whole number that must be there.</summary>
    internal long Size(string field) => GetInteger(field) ?? throw Missing(field);

    /// <summary>Returns a number that must be there.</summary>
    internal double Number(string field) => GetNumber(field) ?? throw Missing(field);

    /// <summary>Returns a truth value that must be there.</summary>
    internal bool Flag(string field) => GetBoolean(field) ?? throw Missing(field);

    /// <summary>Returns a text that must be there.</summary>
    internal string Text(string field) => GetString(field) ?? throw Missing(field);

    /// <summary>Returns a whole number, or refuses a value of another kind.</summary>
    /// <param name="field">The field's name, for the message.</param>
    /// <param name="value">Its value.</param>
    internal long Whole(string field, JsonElement value) => value.IsWhole(out var number) ? number : throw Another(field, "a whole number", value);

    /// <summary>Gets the number of labels of a classifier; Hugging Face's default is 2.</summary>
    /// <exception cref="Errors.CheckpointException">There is none, or <c>num_labels</c> and <c>id2label</c> differ.</exception>
    internal long LabelCount
    {
        get
        {
            var stated = GetInteger("num_labels");
            var named = Present("id2label")?.EnumerateObject().LongCount();
            return named is 0 || (stated is not null && named is not null && stated != named)
                ? throw new Errors.CheckpointException(Origin, $"'num_labels' is {(stated is null ? "absent" : stated)}, but 'id2label' names {named} "
                    + "labels. They must agree, on at least one.")
                : named ?? stated ?? 2;
        }
    }

    /// <summary>Returns a field as it stands, or <see langword="null"/> when it is absent.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    public JsonElement? GetElement(string field) => root.TryGetProperty(field, out var value) ? value : null;

    /// <summary>Returns a field as it stands, or <see langword="null"/> when it is absent.</summary>
    /// <param name="path">The field's Hugging Face name, with dots where configurations lie in one another: <c>text_config.hidden_size</c>.</param>
    internal JsonElement? GetElementAt(string path)
    {
        var element = root;
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    /// <summary>Returns the configuration that lies in a field; one that is absent or null says nothing.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    /// <exception cref="Errors.CheckpointException">The field is of another kind.</exception>
    internal ModelConfig Section(string field) => Present(field) switch
    {
        null => Parse("{}", $"{Origin}, {field}"),
        { ValueKind: JsonValueKind.Object } value => new ModelConfig(value, $"{Origin}, {field}", new HashSet<string>()),
        { } other => throw Another(field, "a JSON object", other),
    };

    private JsonElement? Present(string field) => root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private Errors.CheckpointException Missing(string field) => new(Origin, $"'{field}' is missing or null.");

    private Errors.CheckpointException Another(string field, string expected, JsonElement value) => new(Origin, $"'{field}' must be {expected}, but is "
        + $"{Errors.Excerpt.Of(value)}.");
}
