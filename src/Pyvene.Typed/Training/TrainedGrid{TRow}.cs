using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Training;

/// <summary>Is the result of a grid of trainings over one axis, which its values index: <c>grid[layer]</c>.</summary>
/// <typeparam name="TRow">The type of a value of the axis.</typeparam>
public sealed class TrainedGrid<TRow> : TrainedGrid
{
    private readonly IReadOnlyList<AxisPoint<TRow>> rows;

    internal TrainedGrid(IReadOnlyList<TrainedCell> cells, SweptMetric accuracy, IReadOnlyList<AxisPoint<TRow>> rows)
        : base(cells)
    {
        this.rows = rows;
        Accuracy = new([accuracy], 0, rows, []);
    }

    /// <inheritdoc cref="TrainedGrid{TRow, TColumn}.Accuracy"/>
    public SweepTable<TRow> Accuracy { get; }

    /// <summary>Gets one cell by the value of the axis.</summary>
    /// <param name="row">The value, such as a layer.</param>
    /// <exception cref="ArgumentException">The grid did not go through the value.</exception>
    public TrainedCell this[TRow row] => Cells[AxisPlace.Of(rows, row, nameof(row))];

    /// <summary>Returns the table of accuracies.</summary>
    public override string ToString() => Accuracy.ToString();
}
