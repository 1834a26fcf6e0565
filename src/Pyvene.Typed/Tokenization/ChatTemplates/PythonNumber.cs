using System.Globalization;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Numbers made of values, as Jinja's filters make them.</summary>
internal static class PythonNumber
{
    private const double Two63 = 9223372036854775808.0;

    /// <summary>Gives null for what is no number.</summary>
    public static double? ToFloat(object? value) => value switch
    {
        bool or long or double => PythonValue.Number(value),
        string text => Parse(text),
        UndefinedValue => throw new ChatTemplateException($"The chat template makes a number of {PythonValue.Kind(value)}."),
        _ => null,
    };

    /// <summary>Gives null for what is no number, or no whole one: nan and the infinities.</summary>
    /// <exception cref="ChatTemplateException">The number is beyond 64 bits.</exception>
    public static long? ToInteger(object? value)
    {
        if (value is bool or long)
        {
            return PythonValue.Integer(value);
        }

        if (value is string text && long.TryParse(Clean(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return integer;
        }

        return ToFloat(value) switch
        {
            null => null,
            { } number when !double.IsFinite(number) => null,
            > -Two63 and < Two63 and var number => (long)number,
            _ => throw new ChatTemplateException("The chat template makes a whole number beyond 64 bits."),
        };
    }

    /// <summary>Rounds as Python's <c>round</c> (to even), <c>ceil</c> or <c>floor</c> do.</summary>
    public static object Round(object? value, int precision, string method)
    {
        if (method == "common" && value is bool or long && precision >= 0)
        {
            return PythonValue.Integer(value);
        }

        var number = PythonValue.Number(value);
        if (!double.IsFinite(number) || method == "common" && precision > 300)
        {
            return number;
        }

        var scale = Math.Pow(10, precision);
        var scaled = number * scale;
        var rounded = method switch
        {
            "ceil" => Math.Ceiling(scaled) / scale,
            "floor" => Math.Floor(scaled) / scale,
            _ when precision is >= 0 and <= 15 && Math.Abs(number) < 1e12 => RoundDigits(number, precision),
            _ => Math.Round(scaled, MidpointRounding.ToEven) / scale,
        };
        return !double.IsFinite(rounded) ? throw new ChatTemplateException("The chat template rounds a number to more places than numbers here have.")
            : value is double || method != "common" ? rounded
            : (long)rounded;
    }

    // By the digits that the number has in full: 0.285 is a little less than that.
    private static double RoundDigits(double number, int precision) =>
        double.Parse(number.ToString("F" + precision, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // Python takes a single underscore between digits, and neither commas nor .NET's own names for what is no number.
    private static string Clean(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && PythonString.IsSpace(text[start]))
        {
            start++;
        }

        while (end > start && PythonString.IsSpace(text[end - 1]))
        {
            end--;
        }

        var characters = text[start..end];
        for (var index = 0; index < characters.Length; index++)
        {
            bool IsDigit(int place) => place >= 0 && place < characters.Length && char.IsAsciiDigit(characters[place]);
            if (characters[index] == '_' && !(IsDigit(index - 1) && IsDigit(index + 1)))
            {
                return "";
            }
        }

        return characters.Replace("_", "", StringComparison.Ordinal);
    }

    private static double? Parse(string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var clean = Clean(text);
        return clean.TrimStart('+', '-').ToLowerInvariant() switch
        {
            "inf" or "infinity" when clean.Length - clean.TrimStart('+', '-').Length < 2 => clean[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            "nan" when clean.Length < 5 => double.NaN,
            var digits when digits.Any(char.IsAsciiLetter) && !digits.Contains('e') => null,
            _ => double.TryParse(clean, Style, CultureInfo.InvariantCulture, out var number) ? number : null,
        };
    }
}
