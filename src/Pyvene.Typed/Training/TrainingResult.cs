using System.Globalization;
using System.Text;
using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Training;

/// <summary>Is what a training told. What was learned stands in the interventions, or in the model.</summary>
/// <param name="Steps">Every batch in order, those before a resumption included.</param>
/// <param name="Evaluation">How the held-out examples did at the end; <see langword="null"/> when there were none.</param>
/// <param name="EndedEarly">Whether it ended because the held-out examples did not get better.</param>
public sealed record TrainingResult(IReadOnlyList<TrainingStep> Steps, AlignmentScore? Evaluation, bool EndedEarly)
{
    /// <summary>Writes a line a step to a file; its ending says in which form.</summary>
    /// <param name="path">A file that ends in <c>.csv</c> (a header, then step, epoch, loss, accuracy, evaluation_loss, evaluation_accuracy) or <c>.jsonl</c>;
    /// an existing one is replaced at once or not at all.</param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var text = new StringBuilder();
        switch (Path.GetExtension(path))
        {
            case ".csv":
                text.Append("step,epoch,loss,accuracy,evaluation_loss,evaluation_accuracy\n");
                foreach (var step in Steps)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{step.Step},{step.Epoch},{step.Loss:R},{step.Accuracy:R},")
                        .Append(CultureInfo.InvariantCulture, $"{step.Evaluation?.Loss:R},{step.Evaluation?.Accuracy:R}\n");
                }

                break;
            case ".jsonl":
                foreach (var step in Steps)
                {
                    text.Append(JsonSerializer.Serialize(new
                    {
                        step = step.Step,
                        epoch = step.Epoch,
                        loss = step.Loss,
                        accuracy = step.Accuracy,
                        evaluation_loss = step.Evaluation?.Loss,
                        evaluation_accuracy = step.Evaluation?.Accuracy,
                    }, JsonForm.Plain)).Append('\n');
                }

                break;
            default:
                throw new ArgumentException($"A log ends in .csv or .jsonl, but '{path}' does not.", nameof(path));
        }

        WholeFile.Write(path, text.ToString());
    }

    /// <summary>Returns the end in words.</summary>
    public override string ToString() => Steps is not { Count: > 0 }
        ? "no step"
        : FormattableString.Invariant($"{Steps.Count} steps, loss {Steps[^1].Loss:F4}") + (Evaluation is { } held ? $"; held out: {held}" : "")
            + (EndedEarly ? "; ended early" : "");
}
