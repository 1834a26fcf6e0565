using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Models;

/// <summary>Reads a model's <c>config.json</c>; every field that a file has can be asked for by its Hugging Face name.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class ModelConfig
{
    private readonly JsonElement root; // always an object

    private ModelConfig(JsonElement root, string origin)
    {
        this.root = root;
        Origin = origin;
    }

    /// <summary>Gets where the configuration came from, for messages: a file path or a description.</summary>
    public string Origin { get; }

    /// <summary>Gets the architecture's key, such as <c>gpt2</c>; empty when the file has none.</summary>
    public string ModelType => GetString("model_type") ?? "";

    /// <summary>Gets the class names that the checkpoint was saved from, such as <c>GPT2LMHeadModel</c>.</summary>
    public IReadOnlyList<string> Architectures =>
        root.TryGetProperty("architectures", out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    /// <summary>Parses a configuration.</summary>
    /// <param name="json">The text of a <c>config.json</c>; Python's <c>Infinity</c> and <c>NaN</c> may stand in it, the second as no value.</param>
    /// <param name="origin">Where the text came from, for messages.</param>
    /// <exception cref="Errors.CheckpointException">The text is not a JSON object.</exception>
    public static ModelConfig Parse(string json, string origin)
    {
        var place = JsonText.Parse(json, new CheckpointJson(origin, "The configuration"));
        return place.Element.ValueKind == JsonValueKind.Object ? new ModelConfig(place.Element, origin) : throw place.Wrong("an object");
    }

    /// <summary>Returns a field as text, or <see langword="null"/> when it is absent, null or of another kind.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    public string? GetString(string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Returns a field as a whole number, or <see langword="null"/> when it is absent, null or of another kind.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    public long? GetInteger(string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    /// <summary>Returns a field as a number, or <see langword="null"/> when it is absent, null or of another kind.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    public double? GetNumber(string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>Returns a field as a number, or <see langword="null"/> when it is null.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    /// <param name="fallback">The number when the field is absent.</param>
    internal double? GetOptionalNumber(string field, double fallback) => root.TryGetProperty(field, out _) ? GetNumber(field) : fallback;

    /// <summary>Returns a field as a truth value, or <see langword="null"/> when it is absent, null or of another kind.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    public bool? GetBoolean(string field) =>
        root.TryGetProperty(field, out var value) ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null } : null;

    /// <summary>Returns a copy of this configuration in which some fields are replaced.</summary>
    /// <param name="fields">A JSON object with the fields to replace, such as <c>{"problem_type": "regression"}</c>.</param>
    /// <exception cref="Errors.CheckpointException">The text is not a JSON object.</exception>
    public ModelConfig With(string fields)
    {
        var changes = Parse(fields, "the replaced fields of a configuration");
        var merged = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in root.EnumerateObject().Concat(changes.root.EnumerateObject()))
        {
            merged[field.Name] = field.Value;
        }

        return new ModelConfig(JsonSerializer.SerializeToElement(merged), Origin);
    }

    /// <summary>Returns a size that a model is built from, such as a width or a number of layers.</summary>
    /// <param name="field">The field's Hugging Face name.</param>
    /// <param name="fallback">The size when the field is absent or null.</param>
    /// <param name="most">The largest size that is believed; a file cannot make a model take memory without end.</param>
    /// <exception cref="Errors.CheckpointException">The field is no whole number from 1 to <paramref name="most"/>.</exception>
    internal long GetSize(string field, long fallback, long most = int.MaxValue)
    {
        var isAbsent = !root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null;
        var size = isAbsent ? fallback : GetInteger(field) ?? 0;
        return size >= 1 && size <= most
            ? size
            : throw new Errors.CheckpointException(
                Origin, $"'{field}' must be a whole number from 1 to {most}, but is {(isAbsent ? "absent" : value.GetRawText())}.");
    }

    /// <summary>Gets the number of labels of a classifier; Hugging Face's default is 2.</summary>
    internal long LabelCount => GetElement("id2label") is { ValueKind: JsonValueKind.Object } labels ? labels.EnumerateObject().Count() : GetSize("num_labels", 2, 1_000_000);

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
}
