using System.Text;

namespace Pyvene.Typed.Lab;

/// <summary>Is the colours of all pictures, on light and on dark pages; computed once. Blue and orange are told apart by every kind of colour vision.</summary>
internal static class Palette
{
    /// <summary>How many steps a scale has on each side of what is blank.</summary>
    public const int Levels = 16;

    /// <summary>From which level on a text upon it changes its colour.</summary>
    public const int StrongLevel = 9;

    private static readonly (string Light, string Dark) Blank = ("#f3f3ef", "#23262c");

    // After the letter of a class: what is above the centre, what is below it, and probabilities.
    private static readonly Dictionary<char, (string[] Light, string[] Dark)> Ramps = new()
    {
        ['p'] = (Ramp(Blank.Light, "#e5935a", "#8f2d04"), Ramp(Blank.Dark, "#b0561f", "#ffc08a")),
        ['n'] = (Ramp(Blank.Light, "#6ea3d6", "#0a3a7c"), Ramp(Blank.Dark, "#2f6ab0", "#a6d0ff")),
        ['s'] = (Ramp(Blank.Light, "#62aaa2", "#08474c"), Ramp(Blank.Dark, "#2b7c78", "#a4f0e4")),
    };

    // Okabe and Ito's, darker or lighter where a thin line needs it.
    private static readonly (string Light, string Dark)[] Lines =
        [("#0a62a9", "#6db8f2"), ("#c4500a", "#f59a57"), ("#00795a", "#3fcf9f"), ("#a5487f", "#e49ac4"), ("#7a6a00", "#e0cc4d"), ("#4a4f57", "#b9bec7")];

    /// <summary>Gets how many colours of lines there are.</summary>
    public static int LineCount => Lines.Length;

    /// <summary>Returns the rules of a style for the classes that a picture uses, for light pages and, behind them, for dark ones.</summary>
    public static string Style(IEnumerable<string> classes)
    {
        var (light, dark) = (new StringBuilder(), new StringBuilder());
        foreach (var name in classes.Order(StringComparer.Ordinal))
        {
            var isLine = name[0] == 'l';
            var number = int.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            var (day, night) = isLine ? Lines[number] : (Ramps[name[0]].Light[number], Ramps[name[0]].Dark[number]);
            var property = isLine ? "stroke" : "fill";
            light.Append($".{name}{{{property}:{day}}}");
            dark.Append($".{name}{{{property}:{night}}}");
            if (!isLine) continue;
            light.Append($"text.{name},circle.{name}{{fill:{day};stroke:none}}");
            dark.Append($"text.{name},circle.{name}{{fill:{night};stroke:none}}");
        }

        return $"{light}@media (prefers-color-scheme:dark){{{dark}}}";
    }

    /// <summary>Returns the colour of a class as a dark terminal shows it.</summary>
    public static (byte Red, byte Green, byte Blue) OnDark(string name) =>
        Oklab.Of(Ramps[name[0]].Dark[int.Parse(name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)]).ToRgb();

    private static string[] Ramp(string blank, string middle, string end)
    {
        var (from, over, to) = (Oklab.Of(blank), Oklab.Of(middle), Oklab.Of(end));
        return [.. Enumerable.Range(0, Levels + 1).Select(level => (double)level / Levels)
            .Select(part => part < 0.5 ? from.To(over, part * 2) : over.To(to, (part * 2) - 1))
            .Select(colour => colour.ToRgb())
            .Select(rgb => $"#{rgb.Red:x2}{rgb.Green:x2}{rgb.Blue:x2}")];
    }
}
