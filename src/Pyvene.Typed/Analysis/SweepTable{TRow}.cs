namespace Pyvene.Typed.Analysis;

/// <summary>Is the result of a sweep over one axis, which its values index: <c>table[Gpt2.Layer(4)]</c>. It has one column, the metric. Immutable.</summary>
/// <typeparam name="TRow">The type of a value of the axis.</typeparam>
public sealed class SweepTable<TRow> : SweepTable
{
    private readonly IReadOnlyList<AxisPoint<TRow>> rows;

    internal SweepTable(string metric, IReadOnlyList<AxisPoint<TRow>> rows, double[,] values, double clean, IReadOnlyList<EffectReceipt> receipts)
        : base(metric, rows, [new AxisPoint<string>(metric, metric)], values, clean, receipts) => this.rows = rows;

    /// <summary>Gets the metric of one cell, the mean over the examples, by the value of the axis.</summary>
    /// <param name="row">The value, such as a layer.</param>
    /// <exception cref="ArgumentException">The sweep did not go through the value.</exception>
    public double this[TRow row] => At(AxisPlace.Of(rows, row, nameof(row)), 0);
}
