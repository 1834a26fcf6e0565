using Pyvene.Typed.Lab;
using Pyvene.Typed.Training;

namespace Pyvene.Typed;

/// <summary>Draws trainings.</summary>
public static class TrainingPictures
{
    /// <summary>Returns the loss and the accuracy (interchange intervention accuracy, where interventions were trained) of every batch, and of the held-out
    /// examples where they were evaluated: <c>plan.Train(…).Curves().SaveHtml("training.html")</c>.</summary>
    /// <param name="training">What a training told.</param>
    /// <exception cref="ArgumentException">It has no step.</exception>
    public static Curves Curves(this TrainingResult training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Steps is not { Count: > 0 }) throw new ArgumentException("The training has no step, so there is no curve.", nameof(training));
        return new(
            "training",
            "step",
            [
                new("loss", Lines(step => step.Loss, score => score.Loss)),
                new("accuracy", Lines(step => step.Accuracy, score => score.Accuracy), (0, 1)),
            ]);

        IReadOnlyList<Series> Lines(Func<TrainingStep, double> batch, Func<AlignmentScore, double> heldOut)
        {
            var held = training.Steps.Where(step => step.Evaluation is not null).Select(step => ((double)step.Step, heldOut(step.Evaluation!))).ToArray();
            var batches = new Series("batch", [.. training.Steps.Select(step => ((double)step.Step, batch(step)))], IsFaint: held.Length > 0);
            return held.Length > 0 ? [batches, new("held out", held)] : [batches];
        }
    }
}
