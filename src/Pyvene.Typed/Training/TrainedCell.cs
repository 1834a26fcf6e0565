using Pyvene.Typed.Configuration;

namespace Pyvene.Typed.Training;

/// <summary>Is what one cell of a grid of trainings came to.</summary>
/// <param name="Row">The name of its row.</param>
/// <param name="Column">The name of its column; empty in a grid of one axis.</param>
/// <param name="Experiment">The experiment, with what was learned: it can be saved, bound and run.</param>
/// <param name="Training">What the training told.</param>
/// <param name="Score">How well the evaluated examples did at its end.</param>
public sealed record TrainedCell(string Row, string Column, InterventionConfig Experiment, TrainingResult Training, AlignmentScore Score)
{
    /// <summary>Returns the cell in words.</summary>
    public override string ToString() => $"{(string.IsNullOrEmpty(Column) ? Row : $"{Row}, {Column}")}: {Score}";
}
