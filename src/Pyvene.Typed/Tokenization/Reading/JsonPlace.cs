using System.Text.Json;
using System.Text.Unicode;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>A value of a JSON file that knows where it stands, so that every error names its place.</summary>
internal readonly struct JsonPlace
{
    private const long LargestFile = 512L << 20;
    private JsonPlace(JsonElement element, string file, string path)
    {
        Element = element;
        File = file;
        Path = path;
    }

    public JsonElement Element { get; }

    /// <summary>Gets the file.</summary>
    public string File { get; }

    /// <summary>Gets the place in the file, such as <c>model.merges</c>; empty for the whole.</summary>
    public string Path { get; }

    /// <summary>Gets whether there is a value at all, and not null.</summary>
    public bool Exists => Element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>Reads a whole file, whose value must be an object.</summary>
    public static JsonPlace Read(string file)
    {
        var bytes = ReadFile(file);
        try
        {
            // A byte-order mark is no JSON to the parser, and Python's files may have one.
            var json = bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
            RefuseBrokenText(json.Span, file);
            using var document = JsonDocument.Parse(json);
            var place = new JsonPlace(document.RootElement.Clone(), file, "");
            return place.Element.ValueKind == JsonValueKind.Object ? place : throw place.Wrong("an object");
        }
        catch (JsonException error)
        {
            throw new TokenizerException($"it is not JSON: {error.Message}", file, null, error);
        }
    }

    /// <summary>Takes a value from elsewhere.</summary>
    public static JsonPlace Of(JsonElement element, string file, string path) => new(element, file, path);

    /// <summary>Reads a file that must not be absurdly large.</summary>
    public static byte[] ReadFile(string file)
    {
        try
        {
            var length = new FileInfo(file).Length;
            return length <= LargestFile
                ? System.IO.File.ReadAllBytes(file)
                : throw new TokenizerException($"it has {length} bytes; at most {LargestFile} are read", file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException($"it cannot be read: {error.Message}", file, null, error);
        }
    }

    /// <summary>Gives a member; one that is not there does not exist.</summary>
    public JsonPlace this[string name]
    {
        get
        {
            if (Element.ValueKind != JsonValueKind.Object)
            {
                throw Wrong("an object");
            }

            Element.TryGetProperty(name, out var member);
            return new JsonPlace(member, File, Path.Length == 0 ? name : $"{Path}.{name}");
        }
    }

    public IEnumerable<JsonPlace> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
        {
            throw Wrong("an array");
        }

        return Enumerate();
    }

    public IEnumerable<(string Name, JsonPlace Value)> Members()
    {
        if (Element.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("an object");
        }

        var (element, file, path) = (Element, File, Path);
        return element.EnumerateObject().Select(member => (member.Name, new JsonPlace(member.Value, file, $"{path}.{member.Name}")));
    }

    public string String() => Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Wrong("a string");

    public string? OptionalString() => Exists ? String() : null;

    public bool Boolean(bool otherwise) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Exists ? throw Wrong("true or false") : otherwise,
    };

    public int Integer() => Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var value) ? value : throw Wrong("a 32-bit integer");

    public int Integer(int otherwise) => Exists ? Integer() : otherwise;

    /// <summary>Makes an error about this place.</summary>
    public TokenizerException Error(string message, Exception? cause = null) => new(message, File, Path.Length == 0 ? null : Path, cause);

    /// <summary>Makes an error about something well-formed that this library does not have.</summary>
    public TokenizerException Unsupported(string message) => new(message, File, Path, isUnsupported: true);

    private TokenizerException Wrong(string expected) =>
        Error(Element.ValueKind == JsonValueKind.Undefined ? $"{expected} is missing" : $"{expected} is expected, not {Element.ValueKind}");

    private IEnumerable<JsonPlace> Enumerate()
    {
        var index = 0;
        foreach (var item in Element.EnumerateArray())
        {
            yield return new JsonPlace(item, File, $"{Path}[{index++}]");
        }
    }

    // "\ud800" alone is JSON but no text, and the parser says so only when the string is asked for, in whatever place that is.
    private static void RefuseBrokenText(ReadOnlySpan<byte> json, string file)
    {
        if (!Utf8.IsValid(json))
        {
            throw new TokenizerException("it is not UTF-8", file);
        }

        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException error)
            {
                throw new TokenizerException("a string is no Unicode text: half of a surrogate pair is missing", file, $"byte {reader.TokenStartIndex}", error);
            }
        }
    }
}
