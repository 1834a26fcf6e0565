namespace Pyvene.Typed.Analysis;

/// <summary>Is the result of a sweep over two axes, which their values index: <c>table[Gpt2.Layer(4), ^1]</c>. Immutable.</summary>
/// <typeparam name="TRow">The type of a value of the rows.</typeparam>
/// <typeparam name="TColumn">The type of a value of the columns.</typeparam>
public sealed class SweepTable<TRow, TColumn> : SweepTable
{
    private readonly IReadOnlyList<AxisPoint<TRow>> rows;
    private readonly IReadOnlyList<AxisPoint<TColumn>> columns;

    internal SweepTable(
        IReadOnlyList<SweptMetric> metrics,
        int shown,
        IReadOnlyList<AxisPoint<TRow>> rows,
        IReadOnlyList<AxisPoint<TColumn>> columns,
        IReadOnlyList<EffectReceipt> receipts)
        : base(metrics, shown, rows, columns, receipts)
    {
        this.rows = rows;
        this.columns = columns;
    }

    /// <summary>Gets the metric of one cell, the mean over the examples, by the values of the axes.</summary>
    /// <param name="row">The value of the rows, such as a layer.</param>
    /// <param name="column">The value of the columns, such as a position, from the start or from the end.</param>
    /// <exception cref="ArgumentException">The sweep did not go through the value.</exception>
    public double this[TRow row, TColumn column] => Values(row, column).Mean;

    /// <summary>Returns the metric of one cell for every example, by the values of the axes.</summary>
    /// <param name="row">The value of the rows, such as a layer.</param>
    /// <param name="column">The value of the columns, such as a position, from the start or from the end.</param>
    /// <exception cref="ArgumentException">The sweep did not go through the value.</exception>
    public Sample Values(TRow row, TColumn column) => At(AxisPlace.Of(rows, row, nameof(row)), AxisPlace.Of(columns, column, nameof(column)));

    /// <inheritdoc/>
    public override SweepTable<TRow, TColumn> Of(Metric metric) => new(All, IndexOf(metric), rows, columns, Receipts);

    /// <inheritdoc/>
    public override SweepTable<TRow, TColumn> LessClean() => new(AllLessClean, ShownIndex, rows, columns, Receipts);

    /// <inheritdoc/>
    public override SweepTable<TRow, TColumn> Of(Control control)
    {
        var (metrics, receipts) = Under(control);
        return new(metrics, ShownIndex, rows, columns, receipts);
    }
}
