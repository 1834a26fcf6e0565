using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;

namespace Pyvene.Typed.Running;

/// <summary>Is what a sweep measured.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Rows">The values of the rows.</param>
/// <param name="Columns">The values of the columns.</param>
/// <param name="Values">The metric of every cell: [row, column].</param>
/// <param name="Clean">The metric of the clean run.</param>
/// <param name="Receipts">What the interventions of all cells did.</param>
internal sealed record Measured<TRow, TColumn>(
    string Metric,
    IReadOnlyList<AxisPoint<TRow>> Rows,
    IReadOnlyList<AxisPoint<TColumn>> Columns,
    double[,] Values,
    double Clean,
    IReadOnlyList<EffectReceipt> Receipts)
{
    /// <summary>Returns the table.</summary>
    public SweepTable<TRow, TColumn> ToTable() => new(Metric, Rows, Columns, Values, Clean, Receipts);

    /// <summary>Returns the table of the only column.</summary>
    public SweepTable<TRow> ToColumn() => new(Metric, Rows, Values, Clean, Receipts);
}
