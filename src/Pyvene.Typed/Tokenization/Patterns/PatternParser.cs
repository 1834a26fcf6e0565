using System.Globalization;

namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>Reads a regular expression in Oniguruma's syntax, as far as <see cref="TextPattern"/> goes.</summary>
internal sealed partial class PatternParser(string source)
{
    private const int DeepestNesting = 100;
    private const int LargestCount = 1000;
    private int position;
    private int depth;

    public static PatternTree Literal(string text, bool ignoreCase)
    {
        var parts = new List<PatternTree>();
        for (var index = 0; index < text.Length;)
        {
            parts.Add(Single(CodePoints.Read(text, index, out var width), ignoreCase));
            index += width;
        }

        return new PatternTree.Sequence(parts);
    }

    /// <exception cref="FormatException">Malformed or not supported; the message says where.</exception>
    public PatternTree Parse()
    {
        var tree = ParseAlternation(new Flags());
        return position == source.Length ? tree : throw Malformed("a ')' has no '('");
    }

    private PatternTree ParseAlternation(Flags flags)
    {
        if (++depth > DeepestNesting)
        {
            throw Malformed($"its groups are nested more than {DeepestNesting} deep");
        }

        var branches = new List<PatternTree> { ParseSequence(ref flags) };
        while (Take('|'))
        {
            branches.Add(ParseSequence(ref flags));
        }

        depth--;
        return branches.Count == 1 ? branches[0] : new PatternTree.Alternation(branches);
    }

    private PatternTree ParseSequence(ref Flags flags)
    {
        var parts = new List<PatternTree>();
        while (position < source.Length && source[position] is not ('|' or ')'))
        {
            if (TakeFlags(ref flags))
            {
                continue;
            }

            var part = ParseAtom(flags);
            while (TryParseRepeat(part, out var repeated))
            {
                part = repeated;
            }

            parts.Add(part);
        }

        return parts.Count == 1 ? parts[0] : new PatternTree.Sequence(parts);
    }

    private PatternTree ParseAtom(Flags flags)
    {
        switch (source[position])
        {
            case '(':
                position++;
                return ParseGroup(flags);
            case '[':
                position++;
                return new PatternTree.Set(ParseClass(flags));
            case '.':
                position++;
                var all = flags.DotMatchesNewline;
                return new PatternTree.Set(new CodePointSet(codePoint => all || codePoint != '\n'));
            case '^':
                position++;
                return new PatternTree.Anchor(AnchorKind.LineStart);
            case '$':
                position++;
                return new PatternTree.Anchor(AnchorKind.LineEnd);
            case '*' or '+' or '?':
                throw Malformed($"'{source[position]}' repeats nothing");
            case '\\':
                return ParseEscape(flags);
            default:
                var codePoint = CodePoints.Read(source, position, out var width);
                position += width;
                return Single(codePoint, flags.IgnoreCase);
        }
    }

    private PatternTree ParseGroup(Flags flags)
    {
        Func<PatternTree, PatternTree> wrap = body => body;
        if (Take("?:"))
        {
        }
        else if (Take("?="))
        {
            wrap = body => new PatternTree.Look(body, Behind: false, Negative: false);
        }
        else if (Take("?!"))
        {
            wrap = body => new PatternTree.Look(body, Behind: false, Negative: true);
        }
        else if (Take("?<="))
        {
            wrap = body => new PatternTree.Look(body, Behind: true, Negative: false);
        }
        else if (Take("?<!"))
        {
            wrap = body => new PatternTree.Look(body, Behind: true, Negative: true);
        }
        else if (Take("?>"))
        {
            wrap = body => new PatternTree.Atomic(body);
        }
        else if (Take("?<") || Take("?P<"))
        {
            // A name changes nothing where captures are not used.
            position = source.IndexOf('>', position) + 1 is > 0 and var end ? end : throw Malformed("the name of a group has no '>'");
        }
        else if (Take("?"))
        {
            ReadFlags(ref flags);
            Expect(':');
        }

        var tree = wrap(ParseAlternation(flags));
        Expect(')');
        return tree;
    }

    /// <summary>Takes <c>(?i)</c>, which holds to the end of the enclosing group.</summary>
    private bool TakeFlags(ref Flags flags)
    {
        if (!source.AsSpan(position).StartsWith("(?"))
        {
            return false;
        }

        var saved = position;
        var changed = flags;
        position += 2;
        if (position < source.Length && source[position] is 'i' or 'm' or 's' or 'x' or 'u' or '-')
        {
            ReadFlags(ref changed);
            if (Take(')'))
            {
                flags = changed;
                return true;
            }
        }

        position = saved;
        return false;
    }

    private void ReadFlags(ref Flags flags)
    {
        var on = true;
        for (; position < source.Length && source[position] is not (':' or ')'); position++)
        {
            switch (source[position])
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    flags = flags with { IgnoreCase = on };
                    break;
                case 's' or 'm':
                    flags = flags with { DotMatchesNewline = on };
                    break;
                case 'u':
                    break;
                default:
                    throw Malformed($"the flag '{source[position]}' is not supported");
            }
        }
    }

    private bool TryParseRepeat(PatternTree body, out PatternTree repeated)
    {
        repeated = body;
        var counted = false;
        int minimum, maximum;
        if (Take('*'))
        {
            (minimum, maximum) = (0, int.MaxValue);
        }
        else if (Take('+'))
        {
            (minimum, maximum) = (1, int.MaxValue);
        }
        else if (Take('?'))
        {
            (minimum, maximum) = (0, 1);
        }
        else if (TryParseCounts(out minimum, out maximum))
        {
            counted = true;
        }
        else
        {
            return false;
        }

        // In this syntax '{1,3}+' repeats a repetition; only '*+', '++' and '?+' are possessive.
        var kind = Take('?') ? RepeatKind.Lazy : !counted && Take('+') ? RepeatKind.Possessive : RepeatKind.Greedy;
        repeated = new PatternTree.Repeat(body, minimum, maximum, kind);
        return true;
    }

    private bool TryParseCounts(out int minimum, out int maximum)
    {
        minimum = 0;
        maximum = int.MaxValue;
        if (position >= source.Length || source[position] != '{' || source.IndexOf('}', position) is not (> 0 and var end))
        {
            return false;
        }

        var counts = source[(position + 1)..end].Split(',');
        var isCount = counts.Length is 1 or 2
            && counts.All(count => count.All(char.IsAsciiDigit) && count.Length <= 6)
            && counts.Any(count => count.Length > 0);
        if (!isCount)
        {
            return false;
        }

        minimum = Number(counts[0], 0);
        maximum = counts.Length == 1 ? minimum : Number(counts[1], int.MaxValue);
        if (minimum > maximum || minimum > LargestCount || maximum > LargestCount && maximum != int.MaxValue)
        {
            throw Malformed($"the counts '{source[position..(end + 1)]}' must rise and not exceed {LargestCount}");
        }

        position = end + 1;
        return true;
    }

    private static int Number(string digits, int otherwise) =>
        digits.Length == 0 ? otherwise : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private bool Take(char character)
    {
        if (position >= source.Length || source[position] != character)
        {
            return false;
        }

        position++;
        return true;
    }

    private bool Take(string text)
    {
        if (!source.AsSpan(position).StartsWith(text))
        {
            return false;
        }

        position += text.Length;
        return true;
    }

    private void Expect(char character)
    {
        if (!Take(character))
        {
            throw Malformed($"'{character}' is missing");
        }
    }

    private FormatException Malformed(string what) => new($"{what} (at character {position})");

    private readonly record struct Flags(bool IgnoreCase, bool DotMatchesNewline);
}
