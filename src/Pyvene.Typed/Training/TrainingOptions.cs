using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Says how an experiment is trained. Immutable.</summary>
public sealed record TrainingOptions
{
    /// <summary>Gets how often every example is used. Default: 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Gets behind how many batches the training ends at the latest; <see langword="null"/> = <see cref="Epochs"/> alone says it.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Gets how many examples a batch has. Default: 32. Examples with other sources make other batches.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Gets how many batches make one update; what is left of an epoch's end goes on in the next, and a rest of fewer batches at the end of the training makes
    /// one too. The gradient is the sum over the batches divided by this number, also that of the rest, which is smaller so. Default: 1.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Gets the optimiser. Default: Adam with a rate of 1e-3.</summary>
    public Optimiser Optimiser { get; init; } = Optimiser.Adam();

    /// <summary>Gets how the rates change over the updates. Default: not at all.</summary>
    public RateSchedule Schedule { get; init; } = RateSchedule.Constant;

    /// <summary>Gets the largest norm of all gradients together; larger ones are scaled down to it; <see langword="null"/> = no bound.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Gets how temperatures change over the steps; <see langword="null"/> = they stay.</summary>
    public TemperatureSchedule? Temperatures { get; init; }

    /// <summary>Gets the terms that are added to the loss of every batch.</summary>
    public ImmutableArray<Regulariser> Regularisers { get; init; } = [];

    /// <summary>
    /// Gets a loss of your own: takes float32 logits, [batch, vocab] of the next token or [batch, label], and labels, int64 [batch], and returns one number;
    /// <see langword="null"/> = the mean cross entropy. A plan that is saved cannot hold it.
    /// </summary>
    public Func<Tensor, Tensor, Tensor>? Loss { get; init; }

    /// <summary>
    /// Gets the weight of the task's own loss, that of the bases without interventions, beside that of the counterfactuals (interchange intervention
    /// training, Geiger et al. 2022); it needs the labels of the bases. Default: 0.
    /// </summary>
    public double TaskWeight { get; init; }

    /// <summary>Gets whether the model's own weights learn too. Default: false: they stay as they are, and so do their gradients.</summary>
    public bool TrainsModel { get; init; }

    /// <summary>Gets whether the interventions learn. Default: true.</summary>
    public bool TrainsInterventions { get; init; } = true;

    /// <summary>Gets the seed of the order of the examples; <see langword="null"/> = the order of the set. Default: 0.</summary>
    public long? Seed { get; init; } = 0;

    /// <summary>Gets held-out examples that are evaluated at the end of every epoch; <see langword="null"/> = none.</summary>
    public CounterfactualSet? Evaluation { get; init; }

    /// <summary>Gets behind how many updates the held-out examples are evaluated too; <see langword="null"/> = at the ends of epochs alone.</summary>
    public int? EvaluateEvery { get; init; }

    /// <summary>
    /// Gets behind how many evaluations without a better accuracy the training ends, with the best parameters that there were; <see langword="null"/> = never.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>
    /// Gets what the held-out examples are compared with at the end: <c>Controls = [Control.FullComponent, Control.MatchedRandom(20)]</c>
    /// (<see cref="AlignmentScore.Controls"/>). Default: none.
    /// </summary>
    public ImmutableArray<Control> Controls { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// Gets how many bytes may keep what of the examples' runs comes before the first intervention: while the model's weights stay, it is computed once instead
    /// of in every epoch. What does not fit is computed again each time. The model must be in evaluation mode (<c>eval()</c>), as loaded ones are. Default:
    /// 1,000,000,000.
    /// </summary>
    public long MemoryBudget { get; init; } = 1_000_000_000;

    /// <summary>Gets whether every step tells the norms of the gradients. Default: false, since each is read from the device.</summary>
    public bool TellGradients { get; init; }

    /// <summary>
    /// Gets the file that keeps the training, a safetensors file; <see langword="null"/> = none. Where it exists, the training goes on from it and ends with
    /// the same bits as if it had never been stopped, on the same machine with the same number of threads.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>Gets behind how many updates the checkpoint is written. Default: 100.</summary>
    public int CheckpointEvery { get; init; } = 100;

    /// <summary>Returns how many examples are evaluated together: a loss of the user's own may be another of a larger batch.</summary>
    /// <param name="columns">The examples.</param>
    internal int EvaluatedTogether(ExampleColumns columns) => Loss is null ? columns.TogetherWithoutGradients(BatchSize) : BatchSize;

    /// <summary>Refuses settings out of range, and those that contradict each other.</summary>
    /// <exception cref="ArgumentException">One does.</exception>
    internal void Check()
    {
        Positive(Epochs, nameof(Epochs));
        Positive(MaxSteps ?? 1, nameof(MaxSteps));
        Positive(BatchSize, nameof(BatchSize));
        Positive(Accumulate, nameof(Accumulate));
        Positive(EvaluateEvery ?? 1, nameof(EvaluateEvery));
        Positive(Patience ?? 1, nameof(Patience));
        Positive(CheckpointEvery, nameof(CheckpointEvery));
        ArgumentOutOfRangeException.ThrowIfNegative(MemoryBudget);
        ArgumentNullException.ThrowIfNull(Optimiser);
        ArgumentNullException.ThrowIfNull(Schedule);
        Optimiser.Check();
        if (ClipNorm is { } norm && !(norm > 0 && double.IsFinite(norm)))
        {
            throw new ArgumentOutOfRangeException(nameof(ClipNorm), norm, "The largest norm must be a number above 0; null is no bound.");
        }

        foreach (var term in Regularisers)
        {
            ArgumentException.ThrowIfNullOrEmpty(term?.Parameter, nameof(Regularisers));
            if (double.IsFinite(term.Coefficient)) continue;
            throw new ArgumentOutOfRangeException(nameof(Regularisers), term.Coefficient, $"The coefficient of '{term.Parameter}' must be a finite number.");
        }

        if (!(TaskWeight >= 0 && double.IsFinite(TaskWeight)))
        {
            throw new ArgumentOutOfRangeException(nameof(TaskWeight), TaskWeight, "The weight of the task must be a number of at least 0.");
        }

        if (!TrainsModel && !TrainsInterventions) throw new ArgumentException("Neither the model nor the interventions are to learn, so nothing would change.");
        if ((EvaluateEvery ?? Patience) is not null && Evaluation is null)
        {
            throw new ArgumentException($"{(Patience is null ? nameof(EvaluateEvery) : nameof(Patience))} is set, but there are no examples to evaluate; "
                + $"set {nameof(Evaluation)}.");
        }

        static void Positive(int value, string name) => ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
    }
}
