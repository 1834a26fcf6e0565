using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Lab;

/// <summary>Is curves over a common axis, such as the loss and the accuracy of a training. Immutable.</summary>
public sealed class Curves : Picture
{
    private const int MostPlaces = 200;
    private const string Heights = "▁▂▃▄▅▆▇█";
    private const int TextWidth = 60;
    private readonly string axis;
    private readonly IReadOnlyList<CurvePanel> panels;

    internal Curves(string title, string axis, IReadOnlyList<CurvePanel> panels)
        : base(title) => (this.axis, this.panels) = (VisibleText.Of(axis), panels);

    /// <inheritdoc/>
    internal override IReadOnlyList<DataTable> Tables
    {
        get
        {
            var lines = panels
                .SelectMany(panel => panel.Lines.Select(line => (Name: panels.Count == 1 ? line.Name : $"{panel.Title}: {line.Name}", line))).ToArray();
            return
            [
                new(
                    Title,
                    [axis, .. lines.Select(line => line.Name)],
                    [.. Places().Select(place => (IReadOnlyList<string>)[NameOf(place), .. lines.Select(line => ValueIn(line.line, place) ?? "")])]),
            ];
        }
    }

    /// <summary>Returns curves of numbers in their order: the first stands at 1.</summary>
    /// <param name="title">What they show.</param>
    /// <param name="axis">What their places are, such as <c>step</c> or <c>layer</c>.</param>
    /// <param name="series">The curves, at least one, each with its name and at least one number; one that is not finite is a gap.</param>
    /// <exception cref="ArgumentException">There is no curve, or one has no number.</exception>
    public static Curves Of(string title, string axis, params IReadOnlyList<(string Name, IReadOnlyList<double> Values)> series)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(axis);
        ArgumentNullException.ThrowIfNull(series);
        if (series.Count == 0 || series.Any(one => one.Name is null || one.Values is not { Count: > 0 }))
        {
            throw new ArgumentException("A picture of curves needs at least one, each with a name and at least one number.", nameof(series));
        }

        return new(title, axis, [new(title, [.. series.Select(one => new Series(
            VisibleText.Of(one.Name), [.. one.Values.Select((value, index) => (index + 1.0, value))]))])]);
    }

    /// <summary>
    /// Returns curves of numbers over x values of their own: <c>Curves.Of("accuracy", "dimensions", [1, 4, 16, 64], ("rotation", accuracies))</c>.
    /// </summary>
    /// <param name="title">What they show.</param>
    /// <param name="axis">What the x values are, such as <c>dimensions</c> or <c>strength</c>.</param>
    /// <param name="places">The x values, from left to right: finite, each larger than the one before it.</param>
    /// <param name="series">The curves, at least one, each with its name and a number an x value; one that is not finite is a gap.</param>
    /// <exception cref="ArgumentException">There is no curve, one has no number or not as many as there are x values, or the x values do not rise.</exception>
    public static Curves Of(
        string title, string axis, IReadOnlyList<double> places, params IReadOnlyList<(string Name, IReadOnlyList<double> Values)> series)
    {
        ArgumentNullException.ThrowIfNull(places);
        var counted = Of(title, axis, series);
        for (var index = 0; index < places.Count; index++)
        {
            if (double.IsFinite(places[index]) && (index == 0 || places[index] > places[index - 1])) continue;
            throw new ArgumentException(
                FormattableString.Invariant($"The x values of curves rise from left to right and are finite, but number {index + 1} is {places[index]}")
                    + (index == 0 ? "." : FormattableString.Invariant($" after {places[index - 1]}. Sort them, and the numbers of every curve with them.")),
                nameof(places));
        }

        if (series.FirstOrDefault(one => one.Values.Count != places.Count) is { Name: { } name, Values: { } values })
        {
            throw new ArgumentException(
                FormattableString.Invariant($"A curve has a number an x value, but '{name}' has {values.Count} and there are {places.Count} x values."),
                nameof(series));
        }

        return new(title, axis, [.. counted.panels.Select(panel => panel with
        {
            Lines = [.. panel.Lines.Select(line => line with { Points = [.. line.Points.Select((point, index) => (places[index], point.Y))] })],
        })]);
    }

    /// <inheritdoc/>
    public override string ToText(bool colours = false)
    {
        var text = new StringBuilder(Title).Append('\n');
        var name = panels.SelectMany(panel => panel.Lines).Max(line => VisibleText.Width(line.Name));
        foreach (var panel in panels)
        {
            var (low, high) = panel.Extent();
            if (panels.Count > 1) text.Append(panel.Title).Append('\n');
            foreach (var line in panel.Lines)
            {
                text.Append("  ").Append(line.Name).Append(' ', name - VisibleText.Width(line.Name) + 2).Append(Spark(line, low, high));
                text.Append(CultureInfo.InvariantCulture, $"  {Digits.Of(line.Points[0].Y)} → {Digits.Of(line.Points[^1].Y)}\n");
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    internal override void Draw(Canvas canvas) => new CurveDrawing(canvas, axis, panels, [.. Places().Select(place => (place, SaysOf(place)))]).Draw(Title);

    private static string Spark(Series line, double low, double high)
    {
        var width = Math.Min(TextWidth, line.Points.Count);
        return string.Concat(Enumerable.Range(0, width).Select(at => line.Points[(int)((at + 1L) * line.Points.Count / width) - 1].Y)
            .Select(value => double.IsFinite(value) ? Heights[(int)Math.Round((value - low) / (high - low) * (Heights.Length - 1))] : ' '));
    }

    // The ranges of the axis that can be chosen: a place each, or of a long curve several in one.
    private IReadOnlyList<(double From, double To)> Places()
    {
        var all = panels.SelectMany(panel => panel.Lines).SelectMany(line => line.Points).Select(point => point.X).Distinct().Order().ToArray();
        var count = Math.Min(MostPlaces, all.Length);
        return [.. Enumerable.Range(0, count).Select(at => (all[(int)((long)at * all.Length / count)], all[(int)((at + 1L) * all.Length / count) - 1]))];
    }

    private string SaysOf((double From, double To) place) => $"{axis} {NameOf(place)}: " + string.Join(", ", panels.SelectMany(panel => panel.Lines
        .Select(line => (Words: panels.Count == 1 ? line.Name : $"{panel.Title} {line.Name}", Value: ValueIn(line, place)))
        .Where(line => line.Value is not null).Select(line => $"{line.Words} {line.Value}")));

    private static string NameOf((double From, double To) place) => place.From == place.To
        ? place.From.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{place.From}–{place.To} (last)");

    private static string? ValueIn(Series line, (double From, double To) place)
    {
        var inside = line.Points.Where(point => point.X >= place.From && point.X <= place.To).ToArray();
        return inside.Length == 0 ? null : Digits.Of(inside[^1].Y);
    }
}
