using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed.Training;

/// <summary>Is the result of a grid of trainings. Disposing it disposes the modules of all interventions that were trained.</summary>
public abstract class TrainedGrid : IDisposable
{
    private protected TrainedGrid(IReadOnlyList<TrainedCell> cells) => Cells = cells;

    /// <summary>Gets the cells, row by row.</summary>
    public IReadOnlyList<TrainedCell> Cells { get; }

    /// <summary>Gets the cell with the highest accuracy; the first of equals.</summary>
    public TrainedCell Best => Cells.MaxBy(cell => cell.Score.Accuracy)!;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var module in Cells.SelectMany(cell => cell.Experiment.Interventions).Select(spec => spec.Intervention).OfType<Learned>()
            .Select(learned => learned.Module).Distinct())
        {
            module.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
