using System.Collections.Immutable;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Runs batches of counterfactual examples and says how far the outputs are from the labels.</summary>
/// <param name="plan">The bound experiment.</param>
/// <param name="loss">The loss of the user's own, or null for the cross entropy.</param>
/// <param name="taskWeight">The weight of the task's own loss.</param>
internal sealed class Objective(InterventionPlan plan, Func<Tensor, Tensor, Tensor>? loss, double taskWeight)
{
    /// <summary>Runs a batch; the tensors belong to the current dispose scope.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="gradients">Whether gradients are recorded.</param>
    /// <param name="clean">What comes before the first intervention; null = it is computed.</param>
    /// <returns>The loss, [], and whether each likeliest output is right, bool [batch], with the outputs, int64 [batch].</returns>
    /// <exception cref="InterventionException">The model gives no row of scores for every example, a label is out of range, or the loss is none.</exception>
    public (Tensor Loss, Tensor Outputs) Run(ExampleBatch batch, bool gradients, CleanPart? clean = null)
    {
        var run = plan.Run(batch.Base, batch.Sources, new RunOptions
        {
            Gradients = gradients,
            NextTokenOnly = true,
            WithClean = taskWeight > 0,
            Effects = EffectCheck.Report,
            CountsChanges = false,
        }, clean);
        using (run)
        {
            var (total, outputs) = Judged(run.Output, batch);
            if (taskWeight > 0)
            {
                var labels = batch.BaseLabels ?? throw new InterventionException(
                    "labels", "TaskWeight is set, but the examples do not tell the labels of their bases; set Counterfactual.BaseLabel, or baseLabels.");
                total = total.add(LossOf(Scores(run.CleanOutput!, batch), labels), Scalars.Of(taskWeight));
            }

            return (total, outputs);
        }
    }

    /// <summary>Returns the loss, [], and the likeliest outputs, int64 [batch], of what the model gave, in the current dispose scope.</summary>
    /// <param name="output">What the model gave: [batch, class], or [batch, 1, class].</param>
    /// <param name="batch">The batch.</param>
    public (Tensor Loss, Tensor Outputs) Judged(Tensor output, ExampleBatch batch)
    {
        var scores = Scores(output, batch);
        return (LossOf(scores, batch.Labels), scores.detach().argmax(1));
    }

    /// <summary>Returns for every example whether the likeliest output of its base, without interventions, is the label: 1 or 0.</summary>
    /// <param name="columns">The examples.</param>
    /// <param name="batchSize">How many run together.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public double[] EvaluateClean(ExampleColumns columns, int batchSize, CancellationToken cancellationToken)
    {
        using var quiet = no_grad();
        var right = new double[columns.Count];
        foreach (var rows in new BatchOrder(columns, batchSize).Grouped())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = columns.Take(rows);
            using var run = plan.Run(batch.Base, batch.Sources, new RunOptions
            {
                NextTokenOnly = true, WithClean = true, Effects = EffectCheck.Report, CountsChanges = false,
            });
            var hits = Scores(run.CleanOutput!, batch).argmax(1).eq(batch.Labels).cpu().data<bool>().ToArray();
            for (var index = 0; index < rows.Length; index++)
            {
                right[rows[index]] = hits[index] ? 1 : 0;
            }
        }

        return right;
    }

    /// <summary>Runs all examples without gradients.</summary>
    /// <param name="columns">The examples.</param>
    /// <param name="batchSize">How many run together.</param>
    /// <param name="parts">What comes before the first intervention; null = it is computed.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public AlignmentScore Evaluate(ExampleColumns columns, int batchSize, CleanParts? parts, CancellationToken cancellationToken)
    {
        using var quiet = no_grad();
        var outputs = new int[columns.Count];
        var (right, sum) = (0, 0.0);
        foreach (var rows in new BatchOrder(columns, batchSize).Grouped())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = columns.Take(rows);
            var (value, found) = Run(batch, gradients: false, parts?.Of(rows, batch, gradients: false));
            sum += value.to(float64).item<double>() * rows.Length;
            var (likeliest, labels) = (found.cpu().data<long>().ToArray(), batch.Labels.cpu().data<long>().ToArray());
            for (var index = 0; index < rows.Length; index++)
            {
                outputs[rows[index]] = (int)likeliest[index];
                right += likeliest[index] == labels[index] ? 1 : 0;
            }
        }

        return new AlignmentScore((double)right / outputs.Length, sum / outputs.Length, ImmutableArray.Create(outputs));
    }

    private Tensor LossOf(Tensor scores, Tensor labels)
    {
        var value = loss is null ? nn.functional.cross_entropy(scores, labels) : Called(loss, scores, labels);
        return value is { IsInvalid: false } && value.numel() == 1 && value.is_floating_point() ? value.reshape([]) : throw new InterventionException(
            "loss",
            "A loss is one floating-point number, but the function returned "
                + $"{(value is null ? "null" : value.IsInvalid ? "a disposed tensor" : $"{value.dtype} [{string.Join(", ", value.shape)}]")}.");
    }

    private static Tensor? Called(Func<Tensor, Tensor, Tensor> loss, Tensor scores, Tensor labels)
    {
        try
        {
            return loss(scores, labels);
        }
        catch (Exception error) when (NativeFault.Of(error) is { } fault)
        {
            throw new InterventionException(
                "loss",
                $"The function of TrainingOptions.Loss {fault} It was given scores [{string.Join(", ", scores.shape)}] of {scores.dtype} and labels "
                    + $"[{string.Join(", ", labels.shape)}] of {labels.dtype}.",
                error);
        }
    }

    // [batch, class]
    private static Tensor Scores(Tensor output, ExampleBatch batch)
    {
        var scores = output is { ndim: 3 } && output.shape[1] == 1 ? output.squeeze(1) : output;
        var examples = batch.Labels.shape[0];
        if (scores.ndim != 2 || scores.shape[0] != examples)
        {
            throw new InterventionException(
                "model", $"Training needs a row of scores for every example, [{examples}, class], but the model gives [{string.Join(", ", output.shape)}].");
        }

        // On an accelerator the native check would end its context.
        var (classes, (least, most)) = (scores.shape[1], batch.Range);
        return least >= 0 && most < classes ? Wide(scores) : throw new InterventionException(
            "labels", $"The label {(least < 0 ? least : most)} is none of the {classes} classes of the model (0 to {classes - 1}).");
    }

    // Half precision loses what a loss adds up.
    private static Tensor Wide(Tensor scores) => scores.dtype == ScalarType.Float64 ? scores : scores.to(float32);
}
