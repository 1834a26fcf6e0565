using System.Globalization;
using System.Text.Json;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Configuration;

/// <summary>Reads JSON strictly: every field must be known, and every error names the path to it.</summary>
/// <param name="Element">The value.</param>
/// <param name="Path">Where it stands, such as <c>interventions[0].at</c>.</param>
internal readonly record struct ConfigJson(JsonElement Element, string Path)
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Parses a text and gives its root to a function.</summary>
    public static T Parse<T>(string json, Func<ConfigJson, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return read(new ConfigJson(document.RootElement, ""));
        }
        catch (JsonException error)
        {
            throw new InterventionException("json", $"The configuration is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>Returns the fields of an object; one that is not in the list is an error.</summary>
    public Dictionary<string, ConfigJson> Fields(params ReadOnlySpan<string> known)
    {
        var fields = AllFields();
        foreach (var (name, field) in fields)
        {
            if (!known.Contains(name))
            {
                throw new InterventionException(field.Path, $"The configuration has an unknown field '{field.Path}'.{NearestName.Suggestion(name, known.ToArray())} Known here are {string.Join(", ", known.ToArray())}.");
            }
        }

        return fields;
    }

    /// <summary>Returns the fields of an object, whatever their names.</summary>
    public Dictionary<string, ConfigJson> AllFields()
    {
        Expect(JsonValueKind.Object, "an object");
        var path = Path;
        return Element.EnumerateObject().ToDictionary(property => property.Name, property => new ConfigJson(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}"), StringComparer.Ordinal);
    }

    /// <summary>Returns a field of an object, or <see langword="null"/> when it is absent or null.</summary>
    public ConfigJson? Member(string name)
    {
        Expect(JsonValueKind.Object, "an object");
        return Element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? new ConfigJson(value, Path.Length == 0 ? name : $"{Path}.{name}")
            : null;
    }

    /// <summary>Returns the items of an array.</summary>
    public IReadOnlyList<ConfigJson> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        var path = Path;
        return [.. Element.EnumerateArray().Select((item, index) => new ConfigJson(item, $"{path}[{index}]"))];
    }

    public string Text()
    {
        Expect(JsonValueKind.String, "a text");
        return Element.GetString()!;
    }

    public int Integer() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value) ? value : throw Wrong("a whole number");

    public float Number() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetSingle(out var value) ? value : throw Wrong("a number");

    public double Double() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var value) ? value : throw Wrong("a number");

    public bool Flag() => Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean() : throw Wrong("true or false");

    public bool IsText => Element.ValueKind == JsonValueKind.String;

    public bool IsArray => Element.ValueKind == JsonValueKind.Array;

    /// <summary>Reads a range such as <c>1..^1</c>.</summary>
    public Range Range()
    {
        var text = Text();
        var separator = text.IndexOf("..", StringComparison.Ordinal);
        return separator >= 0 && TryIndex(text[..separator], 0, out var start) && TryIndex(text[(separator + 2)..], ^0, out var end)
            ? start..end
            : throw Wrong("a range such as \"1..^1\"");
    }

    /// <summary>Reads an index: a whole number from the start, or a text such as <c>^1</c> from the end.</summary>
    public Index Index()
    {
        if (IsText)
        {
            return TryIndex(Text(), null, out var index) ? index : throw Wrong("a number, or a text such as \"^1\"");
        }

        var value = Integer();
        return value >= 0 ? value : throw Wrong("a number from 0; count from the end with \"^1\"");
    }

    public InterventionException Wrong(string expected) =>
        new(Path, $"'{(Path.Length == 0 ? "the configuration" : Path)}' must be {expected}, but is {(Element.GetRawText() is { Length: > 60 } raw ? raw[..60] + "…" : Element.GetRawText())}.");

    private static bool TryIndex(string text, Index? whenEmpty, out Index index)
    {
        index = whenEmpty ?? default;
        if (text.Length == 0)
        {
            return whenEmpty is not null;
        }

        var fromEnd = text[0] == '^';
        if (!int.TryParse(fromEnd ? text.AsSpan(1) : text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        index = new Index(value, fromEnd);
        return true;
    }

    private void Expect(JsonValueKind kind, string expected)
    {
        if (Element.ValueKind != kind)
        {
            throw Wrong(expected);
        }
    }
}
