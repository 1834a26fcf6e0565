using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Json;

/// <summary>A value of a JSON text that knows where it stands, so that every error names its place.</summary>
/// <param name="Element">The value; undefined where there is none.</param>
/// <param name="Path">Where it stands, such as <c>model.merges[7]</c>; empty for the whole text.</param>
/// <param name="Origin">Where the text came from.</param>
internal readonly record struct JsonPlace(JsonElement Element, string Path, JsonOrigin Origin)
{
    /// <summary>Gets whether there is a value at all, and not null.</summary>
    public bool Exists => Element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public bool IsString => Element.ValueKind == JsonValueKind.String;

    public bool IsArray => Element.ValueKind == JsonValueKind.Array;

    /// <summary>Gives a field of an object; one that is not there does not exist.</summary>
    public JsonPlace this[string name]
    {
        get
        {
            Expect(JsonValueKind.Object, "an object");
            Element.TryGetProperty(name, out var field);
            return Field(name, field);
        }
    }

    /// <summary>Returns a field of an object, or <see langword="null"/> when it is absent or null.</summary>
    public JsonPlace? Member(string name) => this[name] is { Exists: true } member ? member : null;

    /// <summary>Returns the fields of an object, in order.</summary>
    public IEnumerable<(string Name, JsonPlace Value)> Members()
    {
        Expect(JsonValueKind.Object, "an object");
        var place = this;
        return Element.EnumerateObject().Select(member => (member.Name, place.Field(member.Name, member.Value)));
    }

    /// <summary>Returns the fields of an object by name.</summary>
    public Dictionary<string, JsonPlace> Fields() => Members().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);

    /// <summary>Returns the fields of an object by name; one that is not in the list is an error.</summary>
    public Dictionary<string, JsonPlace> Fields(params ReadOnlySpan<string> known)
    {
        var fields = Fields();
        foreach (var (name, field) in fields)
        {
            if (!known.Contains(name))
            {
                throw field.Error($"is an unknown field.{NearestName.Suggestion(name, known.ToArray())} Known here are {string.Join(", ", known.ToArray())}");
            }
        }

        return fields;
    }

    /// <summary>Returns the items of an array.</summary>
    public IReadOnlyList<JsonPlace> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        var place = this;
        return [.. Element.EnumerateArray().Select((item, index) => place with { Element = item, Path = $"{place.Path}[{index}]" })];
    }

    public string String()
    {
        Expect(JsonValueKind.String, "a text");
        return Element.GetString()!;
    }

    public string? OptionalString() => Exists ? String() : null;

    public bool Boolean() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean() : throw Wrong("true or false");

    public bool Boolean(bool otherwise) => Exists ? Boolean() : otherwise;

    public int Integer() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value) ? value : throw Wrong("a whole number of at most "
        + "32 bits");

    public int Integer(int otherwise) => Exists ? Integer() : otherwise;

    /// <summary>Returns a number that is finite.</summary>
    public double Double() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw Wrong("a number");

    /// <summary>Returns a number that is finite in float32.</summary>
    public float Single() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetSingle(out var value) && float.IsFinite(value)
            ? value
            : throw Wrong("a number within float32");

    /// <summary>Makes an error that says what the value must be, and what it is.</summary>
    /// <param name="expected">What is expected, such as <c>a text</c>.</param>
    public PyveneException Wrong(string expected) =>
        Error(Element.ValueKind == JsonValueKind.Undefined ? $"must be {expected}, but is missing" : $"must be {expected}, but is {Excerpt.Of(Element)}");

    /// <summary>Makes an error about the value.</summary>
    /// <param name="message">A clause whose subject is the value, without a full stop.</param>
    /// <param name="cause">The cause, when there is one.</param>
    public PyveneException Error(string message, Exception? cause = null) => Origin.Wrong(Path, message, cause);

    private JsonPlace Field(string name, JsonElement value) => this with { Element = value, Path = Path.Length == 0 ? name : $"{Path}.{name}" };

    private void Expect(JsonValueKind kind, string expected)
    {
        if (Element.ValueKind != kind)
        {
            throw Wrong(expected);
        }
    }
}
