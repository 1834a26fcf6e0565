using System.Collections.Immutable;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Running;

namespace Pyvene.Typed.Training;

/// <summary>
/// Is an alignment bound to a model, with its rotations and its examples. Disposing it takes its hooks off the model, which stays the caller's, and disposes
/// the rotations that it made.
/// </summary>
/// <typeparam name="TModel">The architecture.</typeparam>
/// <typeparam name="TSources">The number of variables.</typeparam>
public sealed class AlignmentPlan<TModel, TSources> : IDisposable
    where TModel : IArchitecture
    where TSources : ISourceCount
{
    private readonly InterventionPlan plan;
    private readonly PromptEncoder? prompts;
    private readonly CounterfactualSet examples;
    private readonly ImmutableArray<RotatedSpace> rotations;

    internal AlignmentPlan(
        InterventionPlan plan,
        PromptEncoder? prompts,
        Experiment<TModel, TSources> experiment,
        ImmutableArray<RotatedSpace> rotations,
        CounterfactualSet examples) =>
        (this.plan, this.prompts, Experiment, this.rotations, this.examples) = (plan, prompts, experiment, rotations, examples);

    /// <summary>Gets the experiment: one source a variable. It holds the rotations, which live as long as this.</summary>
    public Experiment<TModel, TSources> Experiment { get; }

    /// <summary>Gets the rotations that were made, one a place, in the order of the variables.</summary>
    public IReadOnlyList<RotatedSpace> Rotations => rotations;

    /// <summary>Trains what learns in the experiment on the examples that it was bound with.</summary>
    /// <param name="options">The settings; <see langword="null"/> = the defaults.</param>
    /// <param name="progress">Is told of every batch; <see langword="null"/> = nobody is.</param>
    /// <param name="cancellationToken">Stops the training between two batches; what was learned until then stays.</param>
    /// <returns>What the training told. What was learned stands in the interventions.</returns>
    /// <exception cref="InterventionException">Nothing learns, a label is out of range, or a loss is not finite; what was learned before stays.</exception>
    /// <exception cref="CheckpointException">The file that keeps the training is damaged, or that of another training.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public TrainingResult Train(
        TrainingOptions? options = null, IProgress<TrainingStep>? progress = null, CancellationToken cancellationToken = default) =>
        PlanTraining.Train(plan, prompts, examples, options, progress, cancellationToken);

    /// <summary>Tells the interchange intervention accuracy of the alignment.</summary>
    /// <param name="held">Examples that it was not trained on; <see langword="null"/> = those that it was bound with.</param>
    /// <param name="batchSize">How many run together, at least 1.</param>
    /// <param name="controls">What the alignment is compared with; <see langword="null"/> = nothing.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="InterventionException">The examples do not fit the alignment, or a label is out of range.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
    public AlignmentScore Evaluate(
        CounterfactualSet? held = null, int batchSize = 64, IReadOnlyList<Control>? controls = null, CancellationToken cancellationToken = default) =>
        PlanTraining.Evaluate(plan, prompts, held ?? examples, batchSize, controls, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        plan.Dispose();
        foreach (var rotation in rotations)
        {
            rotation.Dispose();
        }
    }
}
