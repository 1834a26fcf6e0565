using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Writes a time in the format of C's <c>strftime</c>, as far as templates ask for it.</summary>
internal static class StrftimeFormat
{
    private static readonly Dictionary<char, string> Formats = new()
    {
        ['Y'] = "yyyy", ['y'] = "yy", ['m'] = "MM", ['d'] = "dd", ['H'] = "HH", ['I'] = "hh", ['M'] = "mm", ['S'] = "ss", ['p'] = "tt",
        ['B'] = "MMMM", ['b'] = "MMM", ['A'] = "dddd", ['a'] = "ddd", ['F'] = "yyyy-MM-dd", ['T'] = "HH:mm:ss",
    };

    public static string Format(DateTime time, string format, TemplateBudget budget)
    {
        var text = new TemplateText(budget);
        for (var index = 0; index < format.Length; index++)
        {
            if (format[index] != '%' || index + 1 == format.Length)
            {
                text.Append(format[index]);
                continue;
            }

            var letter = format[++index];
            budget.Spend();
            text.Append(letter == '%' ? "%"
                : letter == 'j' ? time.DayOfYear.ToString("000", CultureInfo.InvariantCulture)
                : Formats.TryGetValue(letter, out var custom) ? time.ToString(custom, CultureInfo.InvariantCulture)
                : throw new ChatTemplateException($"The chat template asks for the time as '%{letter}', which is not supported."));
        }

        return text.ToString();
    }
}
