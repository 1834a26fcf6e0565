using System.Globalization;

namespace Pyvene.Typed.Tokenization.Patterns;

/// <content>Escapes, properties and bracketed sets.</content>
internal sealed partial class PatternParser
{
    private static PatternTree Single(int codePoint, bool ignoreCase)
    {
        if (!ignoreCase)
        {
            return new PatternTree.Set(new CodePointSet(candidate => candidate == codePoint));
        }

        var folded = CodePoints.Fold(codePoint);
        return new PatternTree.Set(new CodePointSet(candidate => CodePoints.Fold(candidate) == folded));
    }

    private PatternTree ParseEscape(Flags flags)
    {
        if (position + 1 >= source.Length)
        {
            throw Malformed("a '\\' escapes nothing");
        }

        AnchorKind? anchor = source[position + 1] switch
        {
            'A' => AnchorKind.TextStart,
            'z' => AnchorKind.TextEnd,
            'Z' => AnchorKind.TextEndOrLastNewline,
            'b' => AnchorKind.WordBoundary,
            'B' => AnchorKind.NoWordBoundary,
            _ => null,
        };
        if (anchor is { } kind)
        {
            position += 2;
            return new PatternTree.Anchor(kind);
        }

        position++;
        return TryParseClassEscape() is { } set ? new PatternTree.Set(set) : Single(ParseCharacterEscape(), flags.IgnoreCase);
    }

    /// <summary>Reads what stands between the brackets; the position is behind the opening one.</summary>
    private CodePointSet ParseClass(Flags flags)
    {
        if (++depth > DeepestNesting)
        {
            throw Malformed($"its sets are nested more than {DeepestNesting} deep");
        }

        var negative = Take('^');
        var parts = new List<Func<int, bool>>();
        CodePointSet? intersection = null;
        for (var first = true; ; first = false)
        {
            if (position >= source.Length)
            {
                throw Malformed("']' is missing");
            }

            if (!first && Take(']'))
            {
                break;
            }

            if (Take("&&"))
            {
                intersection = Intersect(intersection, parts);
                parts = [];
            }
            else
            {
                parts.Add(ParseClassPart(flags));
            }
        }

        depth--;
        var set = Intersect(intersection, parts);
        var cased = flags.IgnoreCase ? new CodePointSet(codePoint => ContainsAnyCase(set, codePoint)) : set;
        return negative ? new CodePointSet(codePoint => !cased.Contains(codePoint)) : cased;
    }

    private Func<int, bool> ParseClassPart(Flags flags)
    {
        if (Take("[:"))
        {
            return ParsePosixClass().Contains;
        }

        if (Take('['))
        {
            return ParseClass(flags).Contains;
        }

        var escaped = Take('\\');
        if (escaped && TryParseClassEscape() is { } set)
        {
            return set.Contains;
        }

        var low = escaped ? ParseCharacterEscape() : ParseCharacter();
        var isRange = position + 1 < source.Length && source[position] == '-' && source[position + 1] is not (']' or '[');
        if (!isRange)
        {
            return codePoint => codePoint == low;
        }

        position++;
        var high = Take('\\') ? ParseCharacterEscape() : ParseCharacter();
        return low <= high ? codePoint => codePoint >= low && codePoint <= high : throw Malformed("a range of a set falls");
    }

    private CodePointSet ParsePosixClass()
    {
        var end = source.IndexOf(":]", position, StringComparison.Ordinal);
        var negative = Take('^');
        var name = end < 0 ? throw Malformed("':]' is missing") : source[position..end];
        var set = name == "xdigit" ? UnicodeProperty.HexDigit : UnicodeProperty.Find(name) ?? throw Malformed($"the set '[:{name}:]' is unknown");
        position = end + 2;
        return negative ? Not(set) : set;
    }

    /// <summary>Reads an escape that stands for a set, from behind its backslash.</summary>
    private CodePointSet? TryParseClassEscape()
    {
        if (position >= source.Length)
        {
            throw Malformed("a '\\' escapes nothing");
        }

        var letter = source[position++];
        switch (letter)
        {
            case 's':
                return UnicodeProperty.WhiteSpace;
            case 'S':
                return Not(UnicodeProperty.WhiteSpace);
            case 'w':
                return UnicodeProperty.Word;
            case 'W':
                return Not(UnicodeProperty.Word);
            case 'd':
                return UnicodeProperty.Digit;
            case 'D':
                return Not(UnicodeProperty.Digit);
            case 'h':
                return UnicodeProperty.HexDigit;
            case 'H':
                return Not(UnicodeProperty.HexDigit);
            case 'p' or 'P':
                return ParseProperty(negative: letter == 'P');
            default:
                position--;
                return null;
        }
    }

    private CodePointSet ParseProperty(bool negative)
    {
        string name;
        if (Take('{'))
        {
            negative ^= Take('^');
            var end = source.IndexOf('}', position);
            name = end < 0 ? throw Malformed("the name of a property has no '}'") : source[position..end];
            position = end + 1;
        }
        else
        {
            name = position < source.Length ? source[position++].ToString() : throw Malformed("'\\p' names no property");
        }

        var set = UnicodeProperty.Find(name) ?? throw Malformed($"the property '{name}' is not supported");
        return negative ? Not(set) : set;
    }

    /// <summary>Reads an escape that stands for one code point, from behind its backslash.</summary>
    private int ParseCharacterEscape()
    {
        var codePoint = CodePoints.Read(source, position, out var width);
        position += width;
        switch (codePoint)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'a':
                return '\a';
            case 'e':
                return 0x1B;
            case '0':
                return 0;
            case 'b':
                return '\b'; // only inside a set; elsewhere it is an anchor
            case 'x' when Take('{'):
                var end = source.IndexOf('}', position);
                return ParseHex((end < 0 ? source.Length : end) - position, closing: 1);
            case 'x':
                return ParseHex(2, closing: 0);
            case 'u':
                return ParseHex(4, closing: 0);
            default:
                return codePoint < 128 && char.IsAsciiLetterOrDigit((char)codePoint)
                    ? throw Malformed($"the escape '\\{(char)codePoint}' is not supported")
                    : codePoint;
        }
    }

    private int ParseHex(int digits, int closing)
    {
        var valid = position + digits + closing <= source.Length
            & int.TryParse(
                source.AsSpan(position, Math.Min(digits, source.Length - position)),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var codePoint);
        position += digits + closing;
        return valid && codePoint is >= 0 and <= 0x10FFFF ? codePoint : throw Malformed("a hexadecimal escape names no code point");
    }

    private int ParseCharacter()
    {
        if (position >= source.Length)
        {
            throw Malformed("']' is missing");
        }

        var codePoint = CodePoints.Read(source, position, out var width);
        position += width;
        return codePoint;
    }

    private static CodePointSet Intersect(CodePointSet? before, List<Func<int, bool>> parts) =>
        new(codePoint => before?.Contains(codePoint) != false && parts.Exists(part => part(codePoint)));

    private static CodePointSet Not(CodePointSet set) => new(codePoint => !set.Contains(codePoint));

    private static bool ContainsAnyCase(CodePointSet set, int codePoint)
    {
        var folded = CodePoints.Fold(codePoint);
        var upper = System.Text.Rune.IsValid(folded) ? System.Text.Rune.ToUpperInvariant(new System.Text.Rune(folded)).Value : folded;
        return set.Contains(codePoint) || set.Contains(folded) || set.Contains(upper)
            || folded == 's' && set.Contains(0x17F) || folded == 'k' && set.Contains(0x212A) || folded == 0xE5 && set.Contains(0x212B);
    }
}
