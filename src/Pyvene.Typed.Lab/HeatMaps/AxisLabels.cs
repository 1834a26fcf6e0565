using System.Globalization;
using System.Text.RegularExpressions;

namespace Pyvene.Typed.Lab;

/// <summary>Is how an axis is labelled.</summary>
/// <param name="Title">What its values are, such as <c>layer</c>; empty where each says it itself.</param>
/// <param name="Ticks">What stands at each value, short.</param>
/// <param name="Names">What each value is, in full.</param>
/// <param name="AreTokens">Whether the ticks are tokens, which a font of fixed width shows.</param>
internal sealed partial record AxisLabels(string Title, IReadOnlyList<string> Ticks, IReadOnlyList<string> Names, bool AreTokens)
{
    /// <summary>Returns the labels of the values of a sweep: of positions their tokens, of <c>layer 0, layer 1</c> the numbers under the word.</summary>
    public static AxisLabels Of(IReadOnlyList<AxisPoint> points) => points.All(point => point.Token is not null)
        ? new(
            "position",
            [.. points.Select(point => VisibleText.Short(VisibleText.OfToken(point.Token!)))],
            [.. points.Select((point, place) => string.Create(
                CultureInfo.InvariantCulture, $"position {point.Number ?? place} “{VisibleText.OfToken(point.Token!)}”"))],
            AreTokens: true)
        : Of([.. points.Select(point => point.Name)]);

    /// <summary>Returns the labels of named values.</summary>
    public static AxisLabels Of(IReadOnlyList<string> names)
    {
        string[] shown = [.. names.Select(VisibleText.Of)];
        var parts = shown.Select(name => Numbered().Match(name)).ToArray();
        return parts.All(part => part.Success) && parts.DistinctBy(part => part.Groups[1].Value).Count() == 1
            ? new(parts[0].Groups[1].Value, [.. parts.Select(part => part.Groups[2].Value)], shown, AreTokens: false)
            : new("", [.. shown.Select(VisibleText.Short)], shown, AreTokens: false);
    }

    [GeneratedRegex("^(\\D+) (\\d+)$")]
    private static partial Regex Numbered();
}
