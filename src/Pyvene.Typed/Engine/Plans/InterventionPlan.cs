using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Is a configuration bound to a model: everything that can be known is resolved and checked once, and it runs many times. Its hooks do nothing outside of its
/// own runs and are gone when it is disposed.
/// </summary>
/// <remarks>Runs on one model are let in one at a time, from any thread. The plan does not own the model.</remarks>
public sealed partial class InterventionPlan : IDisposable
{
    private readonly BoundModel bound;
    private readonly BoundCell cell;

    private InterventionPlan(BoundModel bound, BoundCell cell, InterventionConfig config)
    {
        Config = config;
        this.bound = bound;
        this.cell = cell;
    }

    /// <summary>Gets the model.</summary>
    internal nn.Module Model => bound.Model.Root;

    /// <summary>Gets how many sources a run takes.</summary>
    internal int SourceCount => cell.Sources;

    /// <summary>Gets what was bound.</summary>
    internal InterventionConfig Config { get; }

    /// <summary>Gets the interventions.</summary>
    internal IEnumerable<InterventionSpec> Specs => cell.Interventions.Select(item => item.Spec);

    /// <summary>Gets the interventions in words, with their places.</summary>
    internal string Words => string.Join('\n', cell.Interventions.Select(item => $"{item.Name} {item.Spec.Site} {item.Spec.Source}"));

    /// <summary>Binds a configuration to a model.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="config">The configuration.</param>
    /// <exception cref="InterventionException">The configuration does not fit the model; no hook is left behind.</exception>
    public static InterventionPlan Bind(PretrainedModel model, InterventionConfig config) => Bind(new CallablePretrainedModel(model), config);

    /// <summary>Binds a configuration to a module of your own, whose places it names by module path.</summary>
    /// <param name="module">
    /// The module; it stays the caller's. It derives from one of TorchSharp's <c>nn.Module&lt;…&gt;</c>, takes tensors or tuples of them whose first axis is
    /// the batch, and returns such.
    /// </param>
    /// <param name="config">The configuration.</param>
    /// <exception cref="InterventionException">
    /// The configuration does not fit the module, or the module cannot be called with tensors; no hook is left behind.
    /// </exception>
    public static InterventionPlan Bind(nn.Module module, InterventionConfig config)
    {
        ArgumentNullException.ThrowIfNull(module);
        return Bind(module is PretrainedModel model ? new CallablePretrainedModel(model) : new CallableModule(module), config);
    }

    private static InterventionPlan Bind(CallableModel model, InterventionConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var bound = BoundModel.Bind(model, [config]);
        return new InterventionPlan(bound, bound.Cells[0], config);
    }

    /// <summary>Runs the plan.</summary>
    /// <param name="base">The inputs of the run that is intervened on; they stay the caller's.</param>
    /// <param name="sources">
    /// The inputs of the sources, as many as the configuration says; <see langword="null"/> = left out on purpose, so that what reads it does nothing.
    /// </param>
    /// <param name="options">The settings; <see langword="null"/> = the defaults.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="InterventionException">The inputs do not fit the configuration (nothing has run), or an intervention had no effect.</exception>
    public InterventionRun Run(ModelInputs @base, IReadOnlyList<ModelInputs?>? sources = null, RunOptions? options = null) =>
        Run(new Batch(@base), Batches(sources), options);

    /// <summary>Runs the plan on a module that takes one tensor.</summary>
    /// <param name="base">The input of the run that is intervened on: [batch, …]; it stays the caller's.</param>
    /// <param name="sources">
    /// The inputs of the sources, as many as the configuration says; <see langword="null"/> = left out on purpose, so that what reads it does nothing.
    /// </param>
    /// <param name="options">The settings; <see langword="null"/> = the defaults.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="InterventionException">The inputs do not fit the configuration (nothing has run), or an intervention had no effect.</exception>
    public InterventionRun Run(Tensor @base, IReadOnlyList<Tensor?>? sources = null, RunOptions? options = null) =>
        Run(Arguments(@base), [.. (sources ?? []).Select(source => source is null ? null : Arguments(source))], options);

    /// <summary>Runs the plan.</summary>
    /// <param name="base">The base.</param>
    /// <param name="sources">The sources; null = left out on purpose.</param>
    /// <param name="options">The settings; null = the defaults.</param>
    /// <param name="known">
    /// What <see cref="ReadClean"/> returned for these inputs; null = it is computed. It takes the next token's logits alone, and no clean run.
    /// </param>
    internal InterventionRun Run(Batch @base, IReadOnlyList<Batch?> sources, RunOptions? options, CleanPart? known = null)
    {
        options ??= new RunOptions();
        options.RefuseControls("A run");
        CheckSources(sources.Count);
        using var gate = ModelGate.Enter(bound.Model.Root);
        bound.Check(@base, sources);
        CheckWork(@base, sources, options);
        using var gradients = set_grad_enabled(options.Gradients);
        using var scope = NewDisposeScope();
        var (schedule, clean, lanes) = Scheduled(@base, sources, options, options.Sharing, known);
        bound.Execute(bound.Passes(schedule.Lanes, options.Sharing), options.Sharing, scope);
        if (lanes.Kept.FirstOrDefault(item => item.Slot.Value is null).Intervention is { } unseen)
        {
            throw new InterventionException("component", $"{unseen.Name} collected nothing: {unseen.Point.Words} was not called in this run. "
                + EffectFault.CallIt);
        }

        var (output, cleanOutput) = (lanes.Base.Result!, clean?.Result);
        if (options.Gradients && cleanOutput is not null)
        {
            (output, cleanOutput) = (output.Marked(), cleanOutput.Marked());
        }

        var run = new InterventionRun(
            Detached(output),
            cleanOutput is null ? null : Detached(cleanOutput),
            [.. lanes.Kept.Select(item => new CollectedValue(item.Intervention.Spec.Name, item.Intervention.Name, item.Slot).Detached())],
            [.. lanes.Receipts.Select(receipt => receipt.ToEffect())],
            @base.Tokens is { } tokens ? RealTokens.Of(tokens, @base.Device) : null,
            options.NextTokenOnly);
        return Checked(run, options.Effects);
    }

    /// <summary>Tells how the plan would run, without running it: the passes, what is shared, what is left out, and the expected multiply-adds.</summary>
    /// <param name="base">The inputs of the run that is intervened on; they stay the caller's.</param>
    /// <param name="sources">The inputs of the sources; <see langword="null"/> = left out on purpose.</param>
    /// <param name="options">The settings; <see langword="null"/> = the defaults.</param>
    /// <exception cref="InterventionException">The inputs do not fit the configuration.</exception>
    public PlanExplanation Explain(ModelInputs @base, IReadOnlyList<ModelInputs?>? sources = null, RunOptions? options = null) =>
        Explain(new Batch(@base), Batches(sources), options ?? new RunOptions());

    internal PlanExplanation Explain(Batch @base, IReadOnlyList<Batch?> sources, RunOptions options)
    {
        CheckSources(sources.Count);
        bound.Check(@base, sources);
        return bound.Explain(
            Scheduled(@base, sources, options, options.Sharing).Schedule.Lanes,
            Scheduled(@base, sources, options, WorkSharing.None).Schedule.Lanes,
            options.Sharing);
    }

    /// <inheritdoc/>
    public void Dispose() => bound.Dispose();

    internal static Batch?[] Batches(IReadOnlyList<ModelInputs?>? sources) => [.. (sources ?? []).Select(source => source is null ? null : new Batch(source))];

    private static Batch Arguments(Tensor input) => new(new ModelInputs { Arguments = [input] });

    private (Schedule Schedule, Lane? Clean, CellLanes Lanes) Scheduled(
        Batch @base, IReadOnlyList<Batch?> sources, RunOptions options, WorkSharing sharing, CleanPart? known = null)
    {
        var schedule = new Schedule(sharing, options.CountsChanges);
        var output = options.NextTokenOnly ? OutputRequest.LastPosition : OutputRequest.Everything;
        var clean = options.WithClean == true || options.Effects == EffectCheck.Output ? schedule.AddClean(@base, output) : null;
        return (schedule, clean, schedule.AddCell(cell, @base, sources, clean, output, known));
    }

    private void CheckSources(int given)
    {
        if (given != cell.Sources)
        {
            throw new InterventionException(
                "sources", $"The experiment takes {cell.Sources} sources, but {given} were given; leave one out on purpose with Source.Skip.");
        }
    }

    /// <summary>Refuses constants that were copied from what learns.</summary>
    /// <exception cref="InterventionException">There is one.</exception>
    internal static void RefuseCopies(BoundCell cell)
    {
        if (cell.Interventions.FirstOrDefault(item => item.Spec.Constant is { HadGradient: true }) is { } copied)
        {
            throw new InterventionException("constant", $"{copied.Name}: its constant is a copy of a tensor that learns, so no gradient would reach that "
                + "tensor. Use the tensor inside of a function, Apply(place, values => values + tensor), or give tensor.detach() when it is a constant.");
        }
    }

    /// <summary>Refuses work that would be for nothing, before anything runs.</summary>
    private void CheckWork(Batch @base, IReadOnlyList<Batch?> sources, RunOptions options)
    {
        if (options.Gradients) RefuseCopies(cell);
        if (options.Effects != EffectCheck.Report)
        {
            bool[] isGiven = [.. sources.Select(source => source is not null)];
            UnseenWork.CheckSources(bound.Cells, isGiven);
            if (UnseenWork.DeadWrite(cell, bound.Model, @base, isGiven) is { } dead) throw dead;
        }
    }

    private static InterventionRun Checked(InterventionRun run, EffectCheck check)
    {
        var problem = EffectFault.Of(run.Receipts, check)
            ?? (check == EffectCheck.Output && EffectFault.ChangesAnything(run.Receipts) && run.IsOutputKept() ? EffectFault.Unread("the output") : null);
        if (problem is null)
        {
            return run;
        }

        run.Dispose();
        throw problem;
    }

    private static LaneOutput Detached(LaneOutput output)
    {
        foreach (var tensor in output.Tensors())
        {
            tensor.DetachFromDisposeScope();
        }

        return output;
    }
}
