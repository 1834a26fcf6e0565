using System.Globalization;
using System.Text;
using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Lab;

/// <summary>
/// Is a heat-map, or several side by side on one scale: rows down, columns across, what is as in the clean run blank, what is above it orange, what is below it
/// blue. Immutable.
/// </summary>
public sealed class HeatMap : Picture
{
    private readonly IReadOnlyList<HeatMapPanel> panels;
    private readonly int top;

    internal HeatMap(string title, IReadOnlyList<HeatMapPanel> panels, int top)
        : base(title)
    {
        var widest = ColourScale.Widest(panels.Select(panel => panel.Scale));
        (this.panels, this.top) = ([.. panels.Select(panel => panel with { Scale = widest.At(panel.Scale.Centre) })], top);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<DataTable> Tables => [.. panels.Select(panel => panel.ToTable()), .. top > 0 ? panels.Select(TopTable) : []];

    /// <summary>Returns the heat-map of values of your own.</summary>
    /// <param name="title">What they are.</param>
    /// <param name="values">The values, [row, column]; they are copied.</param>
    /// <param name="rows">The names of the rows; of <c>layer 0</c>, <c>layer 1</c> … the word becomes the axis's.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="scale">Their colours, such as <see cref="ColourScale.Sequential"/> for probabilities.</param>
    /// <param name="top">How many of the cells that are furthest from the blank value are listed beside it.</param>
    /// <exception cref="ArgumentException">There are no values, or not as many names as rows and columns.</exception>
    public static HeatMap Of(
        string title, double[,] values, IReadOnlyList<string> rows, IReadOnlyList<string> columns, ColourScale scale, int top = 0)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        if (values.Length == 0 || values.GetLength(0) != rows.Count || values.GetLength(1) != columns.Count)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Expected values [{rows.Count}, {columns.Count}], a row and a column for each name and at least one of each, but ")
                    + FormattableString.Invariant($"they are [{values.GetLength(0)}, {values.GetLength(1)}]."),
                nameof(values));
        }

        var shown = VisibleText.Of(title);
        return new(shown, [new(shown, AxisLabels.Of(rows), AxisLabels.Of(columns), (double[,])values.Clone(), scale)], top);
    }

    /// <summary>Returns this heat-map and another side by side, on one scale: equal colours are equal differences from each one's clean value.</summary>
    /// <param name="other">The other.</param>
    /// <exception cref="ArgumentException">One has a sequential scale and the other not.</exception>
    public HeatMap Beside(HeatMap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return panels[0].Scale.IsSequential == other.panels[0].Scale.IsSequential
            ? new($"{Title} | {other.Title}", [.. panels, .. other.panels], Math.Max(top, other.top))
            : throw new ArgumentException("One heat-map has a sequential scale and the other one around a centre; no scale holds for both.", nameof(other));
    }

    /// <inheritdoc/>
    public override string ToText(bool colours = false)
    {
        var text = new StringBuilder();
        foreach (var panel in panels)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(ShadedText.Of(
                panel.Note.Length == 0 ? panel.Title : $"{panel.Title}, {panel.Note}",
                panel.Rows.Names,
                panel.Columns.Ticks,
                panel.Values,
                panel.Scale.Strength,
                colours ? (cell, value) => TerminalColour.Behind(cell, panel.Scale.ClassOf(panel.Scale.Level(value))) : null));
            if (top == 0) continue;
            foreach (var line in TopTable(panel).Rows) text.Append(CultureInfo.InvariantCulture, $"{line[0],3}. {string.Join(", ", line.Skip(1))}\n");
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    internal override void Draw(Canvas canvas) => new HeatMapDrawing(canvas, panels, top).Draw(panels.Count == 1 ? panels[0].Title : Title);

    private DataTable TopTable(HeatMapPanel panel)
    {
        var cells = panel.Furthest(top);
        return new(
            cells.Count == 0 ? $"{panel.Title}: {HeatMapDrawing.NothingDiffers}" : $"{panel.Title}: {HeatMapDrawing.HeadingOf(panel)}",
            ["rank", panel.Rows.Title, panel.Columns.Title, "value", .. panel.Scale.IsSequential ? Array.Empty<string>() : ["from clean"]],
            [.. cells.Select((cell, rank) => (IReadOnlyList<string>)
            [
                (rank + 1).ToString(CultureInfo.InvariantCulture),
                panel.Rows.Names[cell.Row],
                panel.Columns.Names[cell.Column],
                Digits.Of(panel.Values[cell.Row, cell.Column]),
                .. panel.Scale.IsSequential ? Array.Empty<string>() : [Digits.Signed(panel.Values[cell.Row, cell.Column] - panel.Scale.Centre)],
            ])]);
    }
}
