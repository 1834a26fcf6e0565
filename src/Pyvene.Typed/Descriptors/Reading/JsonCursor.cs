using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>
/// Reads JSON and keeps places, which the compiler's host offers nothing for. It never throws on bad input: what it cannot read it reports, and it goes on
/// where the next value is clear.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="report">Takes an error: where, and what.</param>
internal sealed class JsonCursor(string text, Action<TextRange, string> report)
{
    // Descriptors are at most 5 deep; a file made to exhaust the compiler's stack stops here.
    private const int DeepestNesting = 64;

    private int position;

    /// <summary>Reads the whole text, or returns <see langword="null"/> when it cannot be read; then an error was reported.</summary>
    public JsonValue? ReadDocument()
    {
        SkipSpace();
        var value = ReadValue(0);
        SkipSpace();
        if (value is not null && position < text.Length) Fail("text follows the end of the descriptor");
        return value;
    }

    private JsonValue? ReadValue(int depth)
    {
        if (depth > DeepestNesting) return Fail($"values are nested deeper than {DeepestNesting}");
        return Peek() switch
        {
            '{' => ReadObject(depth),
            '[' => ReadArray(depth),
            '"' => ReadString() is { } content ? new JsonValue(JsonKind.String, content.Span, content.Text) : null,
            '-' or (>= '0' and <= '9') => ReadNumber(),
            >= 'a' and <= 'z' => ReadWord(),
            '\0' => Fail("a value is missing at the end of the file"),
            var other => Fail($"a value cannot start with '{other}'"),
        };
    }

    private JsonValue? ReadObject(int depth)
    {
        var start = position++;
        var members = new List<JsonMember>();
        for (SkipSpace(); Peek() != '}'; SkipSpace())
        {
            if (Peek() != '"') return Fail("a key in quotes or '}' is expected");
            if (ReadString() is not { } name) return null;
            SkipSpace();
            if (!Take(':')) return Fail($"':' is expected behind the key '{name.Text}'");
            SkipSpace();
            if (ReadValue(depth + 1) is not { } value) return null;
            members.Add(new JsonMember(name.Text, name.Span, value));
            if (!TakeSeparator('}')) return null;
        }

        position++;
        return new JsonValue(JsonKind.Object, TextRange.FromBounds(start, position)) { Members = members };
    }

    private JsonValue? ReadArray(int depth)
    {
        var start = position++;
        var items = new List<JsonValue>();
        for (SkipSpace(); Peek() != ']'; SkipSpace())
        {
            if (ReadValue(depth + 1) is not { } item) return null;
            items.Add(item);
            if (!TakeSeparator(']')) return null;
        }

        position++;
        return new JsonValue(JsonKind.Array, TextRange.FromBounds(start, position)) { Items = items };
    }

    // A comma too many or too few is reported where it is, and reading goes on.
    private bool TakeSeparator(char close)
    {
        SkipSpace();
        var comma = position;
        if (Take(','))
        {
            SkipSpace();
            if (Peek() == close) report(new TextRange(comma, 1), $"',' stands before '{close}'");
            return true;
        }

        if (Peek() == close) return true;
        Fail($"',' or '{close}' is expected");
        return Peek() is '"' or '{' or '[';
    }

    private (string Text, TextRange Span)? ReadString()
    {
        var start = position++;
        var content = new StringBuilder();
        while (position < text.Length && text[position] is not ('"' or '\n' or '\r'))
        {
            var character = text[position++];
            if (character == '\\')
            {
                if (ReadEscape() is not { } escaped) return null;
                character = escaped;
            }

            content.Append(character);
        }

        if (Take('"'))
        {
            var span = TextRange.FromBounds(start, position);
            var whole = content.ToString();
            if (!HasHalfCharacter(whole)) return (whole, span);
            Fail("a text has half of a surrogate pair, which is no character", span);
            return null;
        }

        Fail("'\"' is expected at the end of a text");
        return null;
    }

    private static bool HasHalfCharacter(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index])) continue;
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1])) return true;
            index++;
        }

        return false;
    }

    private char? ReadEscape()
    {
        var start = position - 1;
        var kind = Peek();
        position = Math.Min(position + 1, text.Length);
        switch (kind)
        {
            case '"' or '\\' or '/': return kind;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when position + 4 <= text.Length
                && ushort.TryParse(text.Substring(position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                position += 4;
                return (char)code;
            default:
                Fail("an escape in a text cannot be read", TextRange.FromBounds(start, position));
                return null;
        }
    }

    private JsonValue? ReadNumber()
    {
        var start = position;
        while (position < text.Length && text[position] is '-' or '+' or '.' or 'e' or 'E' or (>= '0' and <= '9')) position++;
        var number = text.Substring(start, position - start);
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? new JsonValue(JsonKind.Number, TextRange.FromBounds(start, position), number)
            : Fail($"'{number}' is not a number");
    }

    private JsonValue? ReadWord()
    {
        var start = position;
        while (position < text.Length && text[position] is >= 'a' and <= 'z') position++;
        var span = TextRange.FromBounds(start, position);
        var word = text.Substring(start, span.Length);
        return word switch
        {
            "true" or "false" => new JsonValue(JsonKind.Boolean, span, word),
            "null" => new JsonValue(JsonKind.Null, span),
            _ => Fail($"'{word}' is not a value; texts stand in quotes", span),
        };
    }

    private JsonValue? Fail(string message, TextRange? span = null)
    {
        report(span ?? new TextRange(Math.Min(position, text.Length), position < text.Length ? 1 : 0), message);
        return null;
    }

    private char Peek() => position < text.Length ? text[position] : '\0';

    private bool Take(char expected)
    {
        if (Peek() != expected) return false;
        position++;
        return true;
    }

    private void SkipSpace()
    {
        while (position < text.Length && text[position] is ' ' or '\t' or '\r' or '\n') position++;
    }
}
