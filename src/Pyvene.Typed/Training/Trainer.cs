using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Trains what learns in a bound experiment.</summary>
internal sealed class Trainer : IDisposable
{
    private static readonly Dictionary<string, double> None = [];

    private readonly TrainingOptions options;
    private readonly ExampleColumns columns;
    private readonly ExampleColumns? held;
    private readonly Objective objective;
    private readonly Learners learners;
    private readonly BatchOrder order;
    private readonly CleanParts? parts; // null = what learns is the model, or clean runs are needed
    private readonly CleanParts? heldParts;
    private readonly int stepsOfEpoch;
    private readonly long steps;
    private readonly TrainingProgress progress = new();
    private IReadOnlyList<int[]> batches = [];
    private int epoch = -1;
    private bool isOver; // before the last step

    /// <summary>Prepares a training; all that it is given must live as long.</summary>
    public Trainer(
        InterventionPlan plan,
        Objective objective,
        Learners learners,
        ExampleColumns columns,
        ExampleColumns? held,
        TrainingOptions options,
        SharedParts shared)
        : this(objective, learners, columns, held, options, null, (CleanParts?)null)
    {
        if (options.TrainsModel || options.TaskWeight > 0) return;
        parts = shared.Of(plan, columns, options.BatchSize, (double)steps / stepsOfEpoch);
        if (held is not null) heldParts = shared.Of(plan, held, options.BatchSize, Evaluations);
    }

    /// <summary>Prepares a training for which the parts are there; all that it is given must live as long.</summary>
    public Trainer(
        Objective objective,
        Learners learners,
        ExampleColumns columns,
        ExampleColumns? held,
        TrainingOptions options,
        CleanParts? parts,
        CleanParts? heldParts)
    {
        (this.parts, this.heldParts) = (parts, heldParts);
        (this.objective, this.learners, this.columns, this.held, this.options) = (objective, learners, columns, held, options);
        order = new BatchOrder(columns, options.BatchSize);
        stepsOfEpoch = order.CountOf(options.Seed is not null);
        steps = Math.Min((long)options.Epochs * stepsOfEpoch, options.MaxSteps ?? long.MaxValue);
    }

    // At least.
    private double Evaluations => Math.Max((double)steps / stepsOfEpoch, options.EvaluateEvery is { } every ? (double)Updates / every : 0);

    private long Updates => (steps + options.Accumulate - 1) / options.Accumulate;

    /// <summary>Gets whether there is no further step.</summary>
    public bool IsOver => progress.Step >= steps || isOver;

    /// <summary>Trains.</summary>
    /// <param name="checkpoint">Where the training is kept, or null.</param>
    /// <param name="tell">Is told of every batch, or null.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public TrainingResult Run(TrainingCheckpoint? checkpoint, IProgress<TrainingStep>? tell, CancellationToken cancellationToken)
    {
        checkpoint?.Begin(learners, progress);
        var written = progress.Update;
        isOver = progress.WithoutBetter >= (options.Patience ?? int.MaxValue);
        while (!IsOver)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                if (written < progress.Update && progress.Step % options.Accumulate == 0) checkpoint?.Write(learners, progress);
                cancellationToken.ThrowIfCancellationRequested();
            }

            var step = Step(cancellationToken);
            checkpoint?.Note(step);
            tell?.Report(step);
            if (checkpoint is not null && step.LearningRates.Count > 0 && (progress.Update % options.CheckpointEvery == 0 || IsOver))
            {
                checkpoint.Write(learners, progress);
                written = progress.Update;
            }
        }

        return End(cancellationToken);
    }

    /// <summary>Returns the examples of the next batch.</summary>
    public int[] Rows()
    {
        if (epoch != (int)(progress.Step / stepsOfEpoch))
        {
            epoch = (int)(progress.Step / stepsOfEpoch);
            batches = order.Of(options.Seed, epoch);
        }

        return batches[(int)(progress.Step % stepsOfEpoch)];
    }

    /// <summary>Sets what changes from step to step, before the batch runs.</summary>
    public void Prepare()
    {
        if (options.Temperatures is { } temperatures) learners.Heat(temperatures.At(progress.Step, steps));
    }

    /// <summary>Returns the loss to follow of what the model gave, [], with what the step tells of it, in the current dispose scope.</summary>
    /// <exception cref="InterventionException">The loss is no finite number, or depends on nothing that learns.</exception>
    public (Tensor Loss, double Value, double Right) Judge((Tensor Loss, Tensor Outputs) given, ExampleBatch batch)
    {
        var (loss, outputs) = given;
        if (learners.Terms() is { } terms) loss = loss.add(terms, Scalars.Of(1));
        var (value, right) = (loss.detach().to(float64).item<double>(), outputs.eq(batch.Labels).to(float64).mean().item<double>());
        if (!double.IsFinite(value))
        {
            throw new InterventionException("loss", FormattableString.Invariant(
                $"The loss of step {progress.Step + 1} is {value}. The training ended before its update, so all parameters are what they were behind step ")
                + FormattableString.Invariant($"{progress.Step}. Look at the rate and at the labels, or bound the gradients with ClipNorm."));
        }

        return loss.requires_grad ? (loss.div(Scalars.Of(options.Accumulate)), value, right) : throw new InterventionException(
            "loss", is_grad_enabled()
                ? "The loss depends on nothing that learns. Compute it from the logits that it is given, outside of no_grad and without detach, and "
                    + "read what is learned in front of them."
                : "Gradients are switched off around the training, by no_grad or set_grad_enabled(false), so the loss has none. Train outside of that.");
    }

    /// <summary>Follows the gradients, behind the backward pass, and evaluates where it is time.</summary>
    public TrainingStep Follow(double value, double right, CancellationToken cancellationToken)
    {
        if (progress.Step == 0 && learners.Parameters.All(own => own.Parameter.grad is null))
        {
            throw new InterventionException("loss", "No parameter that learns has a gradient: the loss does not depend on any of them.");
        }

        var norms = options.TellGradients
            ? learners.Parameters.Where(own => own.Parameter.grad is not null)
                .ToDictionary(own => own.Name, own => own.Parameter.grad!.norm().to(float64).item<double>())
            : None;
        IReadOnlyDictionary<string, double> rates = None;
        if ((progress.Step + 1) % options.Accumulate == 0 || progress.Step + 1 == steps)
        {
            if (options.ClipNorm is { } largest) learners.Clip(largest);
            var factor = options.Schedule.FactorAt(progress.Update, Updates);
            progress.Update++;
            learners.Step(factor);
            learners.Forget();
            rates = learners.RatesAt(factor);
        }

        progress.Step++;
        var step = new TrainingStep(progress.Step, steps, epoch + 1, value, right, rates, norms, null);
        if (held is not null && (progress.Step % stepsOfEpoch == 0 || progress.Step == steps
            || (rates.Count > 0 && options.EvaluateEvery is { } every && progress.Update % every == 0)))
        {
            step = step with { Evaluation = objective.Evaluate(held, options.EvaluatedTogether(held), heldParts, cancellationToken) };
            isOver = Note(step.Evaluation.Accuracy);
        }

        progress.Log.Add(step);
        return step;
    }

    /// <summary>Ends the training, and returns what it told.</summary>
    public TrainingResult End(CancellationToken cancellationToken)
    {
        TakeBest();
        // With patience the parameters are those of the best evaluation, so it counts.
        var last = held is null ? null : options.Patience is null && progress.Log[^1].Evaluation is { } known
            ? known
            : objective.Evaluate(held, options.EvaluatedTogether(held), heldParts, cancellationToken);
        return new TrainingResult(progress.Log, last, isOver);
    }

    /// <inheritdoc/>
    public void Dispose() => progress.Dispose();

    private TrainingStep Step(CancellationToken cancellationToken)
    {
        var (value, right) = Learn();
        return Follow(value, right, cancellationToken);
    }

    private (double Value, double Right) Learn()
    {
        using var scope = NewDisposeScope();
        var rows = Rows();
        Prepare();
        var batch = columns.Take(rows);
        var (loss, value, right) = Judge(objective.Run(batch, gradients: true, parts?.Of(rows, batch, gradients: true)), batch);
        loss.backward();
        return (value, right);
    }

    /// <summary>Notes an evaluation, and returns whether the training is over.</summary>
    private bool Note(double accuracy)
    {
        if (options.Patience is not { } patience) return false;
        if (accuracy > progress.BestAccuracy)
        {
            progress.BestAccuracy = accuracy;
            progress.WithoutBetter = 0;
            foreach (var own in learners.Parameters)
            {
                progress.Best.Remove(own.Name, out var old);
                old?.Dispose();
                progress.Best[own.Name] = own.Parameter.detach().clone().DetachFromDisposeScope();
            }

            return false;
        }

        progress.WithoutBetter++;
        return progress.WithoutBetter >= patience;
    }

    private void TakeBest()
    {
        using var quiet = no_grad();
        foreach (var own in learners.Parameters)
        {
            if (progress.Best.TryGetValue(own.Name, out var best)) own.Parameter.copy_(best);
        }
    }
}
