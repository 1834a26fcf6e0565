using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Trains and evaluates bound experiments on counterfactual examples.</summary>
public static class PlanTraining
{
    /// <summary>Trains what learns in the experiment: the interventions, the model's own weights, or both.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of sources.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="examples">The examples, with as many sources as the experiment reads.</param>
    /// <param name="options">The settings; <see langword="null"/> = the defaults.</param>
    /// <param name="progress">Is told of every batch, on this thread where it is no <see cref="Progress{T}"/>; <see langword="null"/> = nobody is.</param>
    /// <param name="cancellationToken">Stops the training between two batches; what was learned until then stays, and is in the checkpoint.</param>
    /// <returns>What the training told. What was learned stands in the interventions, or in the model.</returns>
    /// <exception cref="InterventionException">
    /// Nothing learns, the examples do not fit the experiment, a label is out of range, or a loss is not finite; what was learned before stays.
    /// </exception>
    /// <exception cref="CheckpointException">The file that keeps the training is damaged, or that of another training.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static TrainingResult Train<TModel, TSources>(
        this LanguagePlan<TModel, TSources> plan,
        CounterfactualSet examples,
        TrainingOptions? options = null,
        IProgress<TrainingStep>? progress = null,
        CancellationToken cancellationToken = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => plan.Given().Plan.Train(examples, options, progress, cancellationToken);

    /// <summary>Tells how well the experiment does on examples, without training.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TSources">The number of sources.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="examples">The examples, with as many sources as the experiment reads.</param>
    /// <param name="batchSize">How many run together, at least 1.</param>
    /// <param name="controls">What the experiment is compared with; <see langword="null"/> = nothing.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="InterventionException">The examples do not fit the experiment or a control, or a label is out of range.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
    public static AlignmentScore Evaluate<TModel, TSources>(
        this LanguagePlan<TModel, TSources> plan,
        CounterfactualSet examples,
        int batchSize = 64,
        IReadOnlyList<Control>? controls = null,
        CancellationToken cancellationToken = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => plan.Given().Plan.Evaluate(examples, batchSize, controls, cancellationToken);

    /// <inheritdoc
    /// cref="Train{TModel, TSources}(LanguagePlan{TModel, TSources}, CounterfactualSet, TrainingOptions?, IProgress{TrainingStep}?, CancellationToken)"/>
    public static TrainingResult Train<TModel, TSources>(
        this ModulePlan<TModel, TSources> plan,
        CounterfactualSet examples,
        TrainingOptions? options = null,
        IProgress<TrainingStep>? progress = null,
        CancellationToken cancellationToken = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => plan.Given().Plan.Train(examples, options, progress, cancellationToken);

    /// <inheritdoc cref="Evaluate{TModel, TSources}(LanguagePlan{TModel, TSources}, CounterfactualSet, int, IReadOnlyList{Control}, CancellationToken)"/>
    public static AlignmentScore Evaluate<TModel, TSources>(
        this ModulePlan<TModel, TSources> plan,
        CounterfactualSet examples,
        int batchSize = 64,
        IReadOnlyList<Control>? controls = null,
        CancellationToken cancellationToken = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => plan.Given().Plan.Evaluate(examples, batchSize, controls, cancellationToken);

    /// <inheritdoc
    /// cref="Train{TModel, TSources}(LanguagePlan{TModel, TSources}, CounterfactualSet, TrainingOptions?, IProgress{TrainingStep}?, CancellationToken)"/>
    public static TrainingResult Train(
        this LanguagePlan plan,
        CounterfactualSet examples,
        TrainingOptions? options = null,
        IProgress<TrainingStep>? progress = null,
        CancellationToken cancellationToken = default) =>
        Train(plan.Given().Plan, plan.Prompts, examples, options, progress, cancellationToken);

    /// <inheritdoc cref="Evaluate{TModel, TSources}(LanguagePlan{TModel, TSources}, CounterfactualSet, int, IReadOnlyList{Control}, CancellationToken)"/>
    public static AlignmentScore Evaluate(
        this LanguagePlan plan,
        CounterfactualSet examples,
        int batchSize = 64,
        IReadOnlyList<Control>? controls = null,
        CancellationToken cancellationToken = default) =>
        Evaluate(plan.Given().Plan, plan.Prompts, examples, batchSize, controls, cancellationToken);

    /// <inheritdoc
    /// cref="Train{TModel, TSources}(LanguagePlan{TModel, TSources}, CounterfactualSet, TrainingOptions?, IProgress{TrainingStep}?, CancellationToken)"/>
    public static TrainingResult Train(
        this InterventionPlan plan,
        CounterfactualSet examples,
        TrainingOptions? options = null,
        IProgress<TrainingStep>? progress = null,
        CancellationToken cancellationToken = default) => Train(plan.Given(), null, examples, options, progress, cancellationToken);

    /// <inheritdoc cref="Evaluate{TModel, TSources}(LanguagePlan{TModel, TSources}, CounterfactualSet, int, IReadOnlyList{Control}, CancellationToken)"/>
    public static AlignmentScore Evaluate(
        this InterventionPlan plan,
        CounterfactualSet examples,
        int batchSize = 64,
        IReadOnlyList<Control>? controls = null,
        CancellationToken cancellationToken = default) =>
        Evaluate(plan.Given(), null, examples, batchSize, controls, cancellationToken);

    internal static TrainingResult Train(
        InterventionPlan plan,
        PromptEncoder? prompts,
        CounterfactualSet examples,
        TrainingOptions? options,
        IProgress<TrainingStep>? progress,
        CancellationToken cancellationToken)
    {
        options ??= new TrainingOptions();
        options.Check();
        if (options is { Controls.IsEmpty: false, Evaluation: null })
        {
            throw new ArgumentException("Controls are evaluated on held-out examples, and there are none; set Evaluation.", nameof(options));
        }

        using var scope = NewDisposeScope();
        var columns = Columns(plan, prompts, examples);
        var held = options.Evaluation is { } evaluation ? Columns(plan, prompts, evaluation) : null;
        using var shared = new SharedParts(options.MemoryBudget);
        return Train(plan, columns, held, options, shared, progress, cancellationToken);
    }

    /// <summary>Trains on examples that are columns already.</summary>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="columns">The examples.</param>
    /// <param name="held">The held-out examples, or null.</param>
    /// <param name="options">The checked settings.</param>
    /// <param name="shared">What keeps clean parts.</param>
    /// <param name="progress">Is told of every batch, or null.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    internal static TrainingResult Train(
        InterventionPlan plan,
        ExampleColumns columns,
        ExampleColumns? held,
        TrainingOptions options,
        SharedParts shared,
        IProgress<TrainingStep>? progress,
        CancellationToken cancellationToken)
    {
        using var learners = new Learners(plan, options);
        using var trainer = new Trainer(plan, new Objective(plan, options.Loss, options.TaskWeight), learners, columns, held, options, shared);
        using var checkpoint = options.Checkpoint is { } path ? new TrainingCheckpoint(path, FingerprintOf(plan, columns, held, options)) : null;
        var result = trainer.Run(checkpoint, progress, cancellationToken);
        return result with
        {
            Evaluation = result.Evaluation is { } score
                ? score with { Controls = ControlScores.Of(plan, options.Loss, options.Controls, held!, options.EvaluatedTogether(held!), cancellationToken) }
                : null,
        };
    }

    internal static AlignmentScore Evaluate(
        InterventionPlan plan,
        PromptEncoder? prompts,
        CounterfactualSet examples,
        int batchSize,
        IReadOnlyList<Control>? controls,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        using var scope = NewDisposeScope();
        var columns = Columns(plan, prompts, examples);
        var score = new Objective(plan, null, 0).Evaluate(columns, batchSize, null, cancellationToken);
        return score with { Controls = ControlScores.Of(plan, null, controls ?? [], columns, batchSize, cancellationToken) };
    }

    /// <summary>Refuses examples with another number of sources than the experiment reads.</summary>
    /// <exception cref="InterventionException">The numbers differ.</exception>
    internal static void CheckSources(InterventionPlan plan, int sources)
    {
        if (sources != plan.SourceCount)
        {
            throw new InterventionException(
                "sources", $"The experiment takes {plan.SourceCount} sources, but the examples have {sources}; leave one out with Source.Skip.");
        }
    }

    /// <summary>Returns examples as columns for an experiment; the tensors belong to the current dispose scope.</summary>
    /// <exception cref="InterventionException">The examples do not fit the experiment.</exception>
    internal static ExampleColumns Columns(InterventionPlan plan, PromptEncoder? prompts, CounterfactualSet examples)
    {
        CheckSources(plan, examples.Given().SourceCount);
        return examples.Columns(prompts, () => (plan.Model.parameters().FirstOrDefault() ?? plan.Model.buffers().FirstOrDefault())?.device ?? CPU);
    }

    /// <summary>Returns what tells one training from another: experiment, examples, settings, and the model where it does not learn.</summary>
    private static string FingerprintOf(InterventionPlan plan, ExampleColumns columns, ExampleColumns? held, TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        var text = new StringBuilder().Append(plan.Words).Append('\n').Append(TrainingOptionsJson.Fingerprint(options)).Append('\n');
        foreach (var spec in plan.Specs)
        {
            text.Append(spec.Intervention.Type).Append(' ').Append(spec.Intervention.ToParameters()?.ToJsonString()).Append('\n');
            if (spec.Constant is { } constant) text.Append(HashOf(MemoryMarshal.AsBytes(constant.Values.AsSpan()))).Append('\n');
        }

        columns.Tell(text);
        held?.Tell(text);
        foreach (var (name, parameter) in options.TrainsModel ? [] : plan.Model.named_parameters())
        {
            // A row of each tells one model from another, without reading gigabytes.
            var row = parameter.detach() is { ndim: > 1 } whole ? whole.select(0, whole.shape[0] / 2) : parameter.detach();
            text.Append(name).Append(' ').Append(HashOf(row.cpu().contiguous().bytes)).Append('\n');
        }

        return HashOf(Encoding.UTF8.GetBytes(text.ToString()));

        static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));
    }
}
