using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Pyvene.Typed.Json;

/// <summary>Parses JSON strictly, for every door: a field that stands twice and text that is no Unicode are refused before anything is read.</summary>
internal static class JsonText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Parses a text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="origin">Where it came from.</param>
    /// <returns>The whole value.</returns>
    /// <exception cref="Errors.PyveneException">The text is not valid; the kind is the origin's.</exception>
    public static JsonPlace Parse(string json, JsonOrigin origin)
    {
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(json);
        }
        catch (EncoderFallbackException error)
        {
            throw origin.Malformed($"is no Unicode text: half of a surrogate pair is missing at character {error.Index}", error);
        }

        return Parse(bytes, origin);
    }

    /// <summary>Parses UTF-8.</summary>
    /// <param name="utf8">The bytes; a byte-order mark may stand before them.</param>
    /// <param name="origin">Where they came from.</param>
    /// <inheritdoc cref="Parse(string, JsonOrigin)"/>
    public static JsonPlace Parse(ReadOnlySpan<byte> utf8, JsonOrigin origin)
    {
        // A byte-order mark is no JSON to the parser, and Python's files may have one.
        utf8 = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        if (!Utf8.IsValid(utf8))
        {
            throw origin.Malformed("is not UTF-8");
        }

        if (origin.IsWrittenByPython && PythonNumbers.StandIn(utf8))
        {
            utf8 = PythonNumbers.Plain(utf8);
        }

        var options = new JsonDocumentOptions
        {
            AllowDuplicateProperties = false,
            CommentHandling = origin.IsWrittenByHand ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            AllowTrailingCommas = origin.IsWrittenByHand,
        };
        try
        {
            RefuseBrokenText(utf8, options, origin);
            return new JsonPlace(JsonElement.Parse(utf8, options), "", origin);
        }
        catch (JsonException error)
        {
            throw origin.Malformed($"is not valid JSON: {error.Message}", error);
        }
    }

    // "\ud800" alone is JSON but no text, and the parser says so only when the string is asked for, in whatever place that is.
    private static void RefuseBrokenText(ReadOnlySpan<byte> json, JsonDocumentOptions options, JsonOrigin origin)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(
            json, new JsonReaderOptions { CommentHandling = options.CommentHandling, AllowTrailingCommas = options.AllowTrailingCommas });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException error)
            {
                throw origin.Malformed($"is no Unicode text: half of a surrogate pair is missing in the string at byte {reader.TokenStartIndex}", error);
            }
        }
    }
}
