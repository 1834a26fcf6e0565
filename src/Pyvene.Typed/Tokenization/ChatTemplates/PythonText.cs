using System.Globalization;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Writes values as Python's <c>str</c> and <c>repr</c> do.</summary>
internal static class PythonText
{
    public static string Str(object? value, TemplateBudget budget) => value switch
    {
        string text => text,
        UndefinedValue => "",
        _ => Repr(value, budget),
    };

    public static string Repr(object? value, TemplateBudget budget)
    {
        var result = new TemplateText(budget);
        Write(value, result, budget);
        return result.ToString();
    }

    /// <summary>Writes a number so that it reads back the same, with a fraction or an exponent always.</summary>
    public static string Float(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }

        // .NET gives the shortest digits that read back the same, but chooses between the two spellings by other bounds.
        var text = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E') is >= 0 and var found ? found : text.Length;
        var point = text.IndexOf('.') is >= 0 and var place ? place : mark;
        var all = text[..mark].Replace(".", "", StringComparison.Ordinal);
        var leading = all.Length - all.TrimStart('0').Length;
        var digits = all.Trim('0') is { Length: > 0 } some ? some : "0";
        var exponent = number == 0 ? 0
            : point - 1 - leading + (mark < text.Length ? int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0);
        var sign = double.IsNegative(number) ? "-" : "";
        return sign + exponent switch
        {
            < -4 or >= 16 => digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + (exponent < 0 ? "e-" : "e+")
                + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture),
            < 0 => "0." + new string('0', -exponent - 1) + digits,
            _ when digits.Length <= exponent + 1 => digits.PadRight(exponent + 1, '0') + ".0",
            _ => digits[..(exponent + 1)] + "." + digits[(exponent + 1)..],
        };
    }

    private static void Write(object? value, TemplateText result, TemplateBudget budget)
    {
        budget.Spend();
        switch (value)
        {
            case null:
                result.Append("None");
                break;
            case UndefinedValue:
                result.Append("Undefined");
                break;
            case bool flag:
                result.Append(flag ? "True" : "False");
                break;
            case long number:
                result.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                result.Append(Float(number));
                break;
            case string text:
                Quote(text, result);
                break;
            case TemplateList list:
                var close = !list.IsTuple ? "]" : list.Items.Count == 1 ? ",)" : ")";
                WriteItems(list.IsTuple ? '(' : '[', list.Items, close, result, budget);
                break;
            case TemplateMapping mapping:
                result.Append('{');
                foreach (var (index, (key, item)) in mapping.Entries.Index())
                {
                    result.Append(index == 0 ? "" : ", ");
                    Write(key, result, budget);
                    result.Append(": ");
                    Write(item, result, budget);
                }

                result.Append('}');
                break;
            default:
                throw new ChatTemplateException($"The chat template writes {PythonValue.Kind(value)} as a text, and it has none.");
        }
    }

    private static void WriteItems(char open, IReadOnlyList<object?> items, string close, TemplateText result, TemplateBudget budget)
    {
        result.Append(open);
        for (var index = 0; index < items.Count; index++)
        {
            result.Append(index == 0 ? "" : ", ");
            Write(items[index], result, budget);
        }

        result.Append(close);
    }

    private static void Quote(string text, TemplateText result)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        result.Append(quote);
        for (var index = 0; index < text.Length;)
        {
            var value = CodePoints.Read(text, index, out var width);
            _ = value switch
            {
                '\\' => result.Append(@"\\"),
                '\n' => result.Append(@"\n"),
                '\r' => result.Append(@"\r"),
                '\t' => result.Append(@"\t"),
                _ when value == quote => result.Append('\\').Append(quote),
                >= ' ' and <= '~' => result.Append((char)value),
                _ when IsPrintable(value) => result.Append(text.AsSpan(index, width)),
                < 0x100 => result.Append(string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}")),
                < 0x10000 => result.Append(string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}")),
                _ => result.Append(string.Create(CultureInfo.InvariantCulture, $"\\U{value:x8}")),
            };
            index += width;
        }

        result.Append(quote);
    }

    private static bool IsPrintable(int codePoint) => codePoint == ' ' || CodePoints.Category(codePoint)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
