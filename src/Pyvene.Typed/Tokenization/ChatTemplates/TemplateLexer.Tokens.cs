using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <content>The tokens of expressions: names, numbers, texts, operators.</content>
internal sealed partial class TemplateLexer
{
    private void ReadToken()
    {
        var start = position;
        var first = source[start];
        if (first is '\'' or '"')
        {
            ReadString(first);
        }
        else if (char.IsAsciiDigit(first))
        {
            ReadNumber();
        }
        else if (first == '_' || char.IsLetter(first))
        {
            var end = start;
            while (end < source.Length && (source[end] == '_' || char.IsLetterOrDigit(source[end])))
            {
                end++;
            }

            Add(TemplateTokenKind.Name, source[start..end]);
            Advance(end);
        }
        else if (Array.Find(Operators, text => string.CompareOrdinal(source, start, text, 0, text.Length) == 0) is { } operation)
        {
            Add(TemplateTokenKind.Operator, operation);
            Advance(start + operation.Length);
        }
        else
        {
            throw Error($"'{first}' is not expected");
        }
    }

    private void ReadNumber()
    {
        var end = position;
        var isFloat = false;
        while (end < source.Length && (char.IsAsciiDigit(source[end]) || source[end] == '_'
            || source[end] == '.' && !isFloat && end + 1 < source.Length && char.IsAsciiDigit(source[end + 1])))
        {
            isFloat |= source[end++] == '.';
        }

        if (end < source.Length && source[end] is 'e' or 'E')
        {
            var digits = end + 1 < source.Length && source[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (digits < source.Length && char.IsAsciiDigit(source[digits]))
            {
                isFloat = true;
                end = digits;
                while (end < source.Length && char.IsAsciiDigit(source[end]))
                {
                    end++;
                }
            }
        }

        Add(isFloat ? TemplateTokenKind.Float : TemplateTokenKind.Integer, source[position..end].Replace("_", "", StringComparison.Ordinal));
        Advance(end);
    }

    private void ReadString(char quote)
    {
        var text = new StringBuilder();
        var index = position + 1;
        for (; index < source.Length && source[index] != quote; index++)
        {
            if (source[index] != '\\')
            {
                text.Append(source[index]);
            }
            else if (++index < source.Length)
            {
                index = ReadEscape(index, text);
            }
        }

        if (index >= source.Length)
        {
            throw Error("a string does not end");
        }

        Add(TemplateTokenKind.String, text.ToString());
        Advance(index + 1);
    }

    /// <summary>Reads an escape as Python does; gives the index of its last character.</summary>
    private int ReadEscape(int index, StringBuilder text)
    {
        var letter = source[index];
        var digits = letter switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            var isCodePoint = index + digits < source.Length
                & int.TryParse(
                    source.AsSpan(index + 1, Math.Min(digits, source.Length - index - 1)),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var value);
            if (!isCodePoint || value is < 0 or > 0x10FFFF)
            {
                throw Error($"the escape '\\{letter}' names no code point");
            }

            if (value is >= 0xD800 and <= 0xDFFF)
            {
                throw Error($"the escape '\\{letter}' names half a surrogate pair, which is no character");
            }

            text.Append(value > 0xFFFF ? char.ConvertFromUtf32(value) : ((char)value).ToString());
            return index + digits;
        }

        if (letter is >= '0' and <= '7')
        {
            var end = index;
            var octal = 0;
            for (; end < source.Length && end < index + 3 && source[end] is >= '0' and <= '7'; end++)
            {
                octal = octal * 8 + source[end] - '0';
            }

            text.Append((char)octal);
            return end - 1;
        }

        text.Append(letter switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            'N' => throw Error("the escape '\\N', a character by its name, is not supported"),
            '\n' => "",
            '\\' or '\'' or '"' => letter.ToString(),
            _ => "\\" + letter,
        });
        return index;
    }
}
