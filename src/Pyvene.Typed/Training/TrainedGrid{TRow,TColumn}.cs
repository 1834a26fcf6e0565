using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Training;

/// <summary>Is the result of a grid of trainings over two axes, which their values index: <c>grid[layer, position]</c>.</summary>
/// <typeparam name="TRow">The type of a value of the rows.</typeparam>
/// <typeparam name="TColumn">The type of a value of the columns.</typeparam>
public sealed class TrainedGrid<TRow, TColumn> : TrainedGrid
{
    private readonly IReadOnlyList<AxisPoint<TRow>> rows;
    private readonly IReadOnlyList<AxisPoint<TColumn>> columns;

    internal TrainedGrid(
        IReadOnlyList<TrainedCell> cells,
        SweptMetric accuracy,
        IReadOnlyList<AxisPoint<TRow>> rows,
        IReadOnlyList<AxisPoint<TColumn>> columns)
        : base(cells)
    {
        (this.rows, this.columns) = (rows, columns);
        Accuracy = new([accuracy], 0, rows, columns, []);
    }

    /// <summary>
    /// Gets the share of evaluated examples whose likeliest output under the intervention is the label (interchange intervention accuracy), cell by cell, with
    /// 1 or 0 for every example; its clean value is that of the bases without interventions.
    /// </summary>
    public SweepTable<TRow, TColumn> Accuracy { get; }

    /// <summary>Gets one cell by the values of the axes.</summary>
    /// <param name="row">The value of the rows, such as a layer.</param>
    /// <param name="column">The value of the columns, such as a position, from the start or from the end.</param>
    /// <exception cref="ArgumentException">The grid did not go through the value.</exception>
    public TrainedCell this[TRow row, TColumn column] =>
        Cells[(AxisPlace.Of(rows, row, nameof(row)) * columns.Count) + AxisPlace.Of(columns, column, nameof(column))];

    /// <summary>Returns the table of accuracies.</summary>
    public override string ToString() => Accuracy.ToString();
}
