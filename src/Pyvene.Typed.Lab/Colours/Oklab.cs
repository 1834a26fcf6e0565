using System.Globalization;

namespace Pyvene.Typed.Lab;

/// <summary>Is a colour in Oklab (Ottosson, 2020), where equal steps look equal.</summary>
/// <param name="Lightness">0 (black) to 1 (white).</param>
/// <param name="GreenRed">From green to red.</param>
/// <param name="BlueYellow">From blue to yellow.</param>
internal readonly record struct Oklab(double Lightness, double GreenRed, double BlueYellow)
{
    /// <summary>Returns a colour of a page, such as <c>#0b3c7f</c>.</summary>
    public static Oklab Of(string hex)
    {
        var (r, g, b) = (Linear(hex, 1), Linear(hex, 3), Linear(hex, 5));
        var l = Math.Cbrt((0.4122214708 * r) + (0.5363325363 * g) + (0.0514459929 * b));
        var m = Math.Cbrt((0.2119034982 * r) + (0.6806995451 * g) + (0.1073969566 * b));
        var s = Math.Cbrt((0.0883024619 * r) + (0.2817188376 * g) + (0.6299787005 * b));
        return new(
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s));
    }

    /// <summary>Returns the colour between two.</summary>
    /// <param name="other">The other.</param>
    /// <param name="part">0 = this one, 1 = the other.</param>
    public Oklab To(Oklab other, double part) => new(
        double.Lerp(Lightness, other.Lightness, part), double.Lerp(GreenRed, other.GreenRed, part), double.Lerp(BlueYellow, other.BlueYellow, part));

    /// <summary>Returns the red, green and blue of a screen, 0 to 255.</summary>
    public (byte Red, byte Green, byte Blue) ToRgb()
    {
        var l = Math.Pow(Lightness + (0.3963377774 * GreenRed) + (0.2158037573 * BlueYellow), 3);
        var m = Math.Pow(Lightness - (0.1055613458 * GreenRed) - (0.0638541728 * BlueYellow), 3);
        var s = Math.Pow(Lightness - (0.0894841775 * GreenRed) - (1.2914855480 * BlueYellow), 3);
        return (
            Screen((4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s)),
            Screen((-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s)),
            Screen((-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s)));
    }

    private static double Linear(string hex, int at)
    {
        var part = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }

    private static byte Screen(double linear) => (byte)Math.Round(
        255 * Math.Clamp(linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055, 0, 1));
}
