namespace Pyvene.Typed.Analysis;

/// <summary>Is the result of a sweep over one axis, which its values index: <c>table[Gpt2.Layer(4)]</c>. It has one column, the metric. Immutable.</summary>
/// <typeparam name="TRow">The type of a value of the axis.</typeparam>
public sealed class SweepTable<TRow> : SweepTable
{
    private readonly IReadOnlyList<AxisPoint<TRow>> rows;

    internal SweepTable(IReadOnlyList<SweptMetric> metrics, int shown, IReadOnlyList<AxisPoint<TRow>> rows, IReadOnlyList<EffectReceipt> receipts)
        : base(metrics, shown, rows, [new AxisPoint<string>(metrics[shown].Name, metrics[shown].Name)], receipts) => this.rows = rows;

    /// <summary>Gets the metric of one cell, the mean over the examples, by the value of the axis.</summary>
    /// <param name="row">The value, such as a layer.</param>
    /// <exception cref="ArgumentException">The sweep did not go through the value.</exception>
    public double this[TRow row] => Values(row).Mean;

    /// <summary>Returns the metric of one cell for every example, by the value of the axis.</summary>
    /// <param name="row">The value, such as a layer.</param>
    /// <exception cref="ArgumentException">The sweep did not go through the value.</exception>
    public Sample Values(TRow row) => At(AxisPlace.Of(rows, row, nameof(row)), 0);

    /// <inheritdoc/>
    public override SweepTable<TRow> Of(Metric metric) => new(All, IndexOf(metric), rows, Receipts);

    /// <inheritdoc/>
    public override SweepTable<TRow> LessClean() => new(AllLessClean, ShownIndex, rows, Receipts);

    /// <inheritdoc/>
    public override SweepTable<TRow> Of(Control control)
    {
        var (metrics, receipts) = Under(control);
        return new(metrics, ShownIndex, rows, receipts);
    }
}
