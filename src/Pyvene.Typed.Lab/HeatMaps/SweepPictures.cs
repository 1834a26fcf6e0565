using Pyvene.Typed.Analysis;
using Pyvene.Typed.Lab;

namespace Pyvene.Typed;

/// <summary>Draws the tables of sweeps.</summary>
public static class SweepPictures
{
    private const int TopHeads = 10;

    /// <summary>
    /// Returns the table as a heat-map around its clean value: <c>model.Sweep(…).HeatMap().SaveHtml("heads.html")</c>. What rounding alone explains is blank.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="top">How many of the cells that are furthest from the clean value are listed beside it; <see langword="null"/> = 10 where an axis is one of
    /// heads, else none.</param>
    /// <param name="title">What its values are, such as <c>MLP output</c> beside another component; <see langword="null"/> = the metric.</param>
    /// <param name="scale">Its colours; <see langword="null"/> = around the clean value. Where a run is restored, <c>ColourScale.Sequential(broken, clean)</c>
    /// is blank where nothing comes back.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0.</exception>
    public static HeatMap HeatMap(this SweepTable table, int? top = null, string? title = null, ColourScale? scale = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (top is { } count) ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(top));
        var (rows, columns) = (AxisLabels.Of(table.Down), AxisLabels.Of(table.Across));
        // The title says it.
        if (table.Across is [{ Token: null } only] && table.All.Any(swept => swept.Name == only.Name)) columns = columns with { Ticks = [""] };
        var shown = VisibleText.Of(title ?? table.Metric);
        return new(
            shown,
            [new(shown, rows, columns, table.ToArray(), scale ?? ColourScale.Of(table.Shading))],
            top ?? (IsHeads(rows) || IsHeads(columns) ? TopHeads : 0));
    }

    /// <summary>Returns the tables of all metrics that a sweep read, side by side on one scale.</summary>
    /// <param name="table">The table of one of them.</param>
    /// <param name="top">As in <see cref="HeatMap"/>.</param>
    public static HeatMap HeatMaps(this SweepTable table, int? top = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.All.Select(swept => table.Of(swept.Metric).HeatMap(top)).Aggregate((first, second) => first.Beside(second));
    }

    private static bool IsHeads(AxisLabels labels) => labels.Names.Any(name => name.Contains("head ", StringComparison.Ordinal));
}
