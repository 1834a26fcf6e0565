using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;

namespace Pyvene.Typed.Running;

/// <summary>Is what a sweep measured.</summary>
/// <param name="Metrics">What every metric read.</param>
/// <param name="Rows">The values of the rows.</param>
/// <param name="Columns">The values of the columns.</param>
/// <param name="Receipts">What the interventions of all cells did.</param>
internal sealed record Measured<TRow, TColumn>(
    IReadOnlyList<SweptMetric> Metrics, IReadOnlyList<AxisPoint<TRow>> Rows, IReadOnlyList<AxisPoint<TColumn>> Columns, IReadOnlyList<EffectReceipt> Receipts)
{
    /// <summary>Returns the table.</summary>
    public SweepTable<TRow, TColumn> ToTable() => new(Metrics, 0, Rows, Columns, Receipts);

    /// <summary>Returns the table of the only column.</summary>
    public SweepTable<TRow> ToColumn() => new(Metrics, 0, Rows, Receipts);
}
