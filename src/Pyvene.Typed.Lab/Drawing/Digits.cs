using System.Globalization;

namespace Pyvene.Typed.Lab;

/// <summary>Writes numbers as pictures show them: with three digits.</summary>
internal static class Digits
{
    private const double LeastPlain = 1e-4;
    private const double MostPlain = 1e6;

    /// <summary>Returns a number with three digits, such as 0.998, 12.3, 1,230 without a comma, 4.1e-8.</summary>
    public static string Of(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "∞" : "−∞";
        if (value == 0) return "0";
        var size = Math.Abs(value);
        var text = size is >= LeastPlain and < MostPlain ? Plain(size) : Power(size);
        return value < 0 ? "−" + text : text;
    }

    /// <summary>Returns a difference with its sign.</summary>
    public static string Signed(double value) => value > 0 ? "+" + Of(value) : Of(value);

    private static string Plain(double size)
    {
        var decimals = 2 - (int)Math.Floor(Math.Log10(size));
        var scale = decimals < 0 ? Math.Pow(10, -decimals) : 1;
        return (Math.Round(size / scale) * scale is var whole && decimals <= 0 ? whole : Math.Round(size, Math.Min(decimals, 15)))
            .ToString("0.#########", CultureInfo.InvariantCulture);
    }

    private static string Power(double size)
    {
        var parts = size.ToString("0.00e+0", CultureInfo.InvariantCulture).Split('e');
        return $"{parts[0]}e{parts[1].TrimStart('+')}".Replace("e-", "e−", StringComparison.Ordinal);
    }
}
