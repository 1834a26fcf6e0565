using System.Globalization;

namespace Pyvene.Typed.Benchmarks;

/// <summary>Prints what is measured as rows: the work, its time, and its ratios to other times with their targets.</summary>
internal static class SpeedTable
{
    /// <summary>Begins a part of the table.</summary>
    public static void Head(string text) => Console.WriteLine(text);

    /// <summary>Prints a row of a time.</summary>
    /// <param name="work">The work.</param>
    /// <param name="seconds">Its time.</param>
    /// <param name="ratios">What it is compared with.</param>
    public static void Row(string work, double seconds, params ReadOnlySpan<Ratio> ratios)
    {
        var text = $"  {work,-58} {Milliseconds(seconds),9} ms";
        foreach (var ratio in ratios)
        {
            var value = ratio.Value ?? seconds / ratio.Seconds;
            text += string.Create(CultureInfo.InvariantCulture, $"   {value:F3} of {ratio.Of} ({Milliseconds(ratio.Seconds)}){Verdict(value, ratio.Most)}");
        }

        Console.WriteLine(text);
    }

    /// <summary>Prints a row of another number.</summary>
    /// <param name="work">The work.</param>
    /// <param name="value">The number.</param>
    /// <param name="unit">What it counts.</param>
    /// <param name="most">The most that it should be.</param>
    public static void Row(string work, double value, string unit, double? most) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {work,-58} {value,9:G6} {unit}{Verdict(value, most)}"));

    private static string Verdict(double value, double? most) =>
        most is { } target ? string.Create(CultureInfo.InvariantCulture, $" ≤ {target:G3}: {(value <= target ? "yes" : "NO")}") : "";

    private static string Milliseconds(double seconds) => (seconds * 1000).ToString("F1", CultureInfo.InvariantCulture);
}

/// <summary>Is what a time is compared with.</summary>
/// <param name="Of">What it is.</param>
/// <param name="Seconds">Its time.</param>
/// <param name="Most">The most that the ratio should be; <see langword="null"/> = it is only told.</param>
/// <param name="Value">The ratio, where it is known better than from the two times; <see langword="null"/> = from them.</param>
internal sealed record Ratio(string Of, double Seconds, double? Most = null, double? Value = null);
