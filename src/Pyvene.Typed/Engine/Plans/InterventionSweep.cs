using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Is many configurations, the cells, bound to one language model and run on the same prompts. The cells share one clean run of the base and one run of every
/// source: each starts in the first block that it changes, all in one batch, and only the next token's logits are computed.
/// </summary>
/// <remarks>The sweep does not own the model. Its hooks are gone when it is disposed.</remarks>
public sealed partial class InterventionSweep : IDisposable
{
    private readonly BoundModel bound;
    private readonly OutputRequest output;

    private InterventionSweep(BoundModel bound, OutputRequest output) => (this.bound, this.output) = (bound, output);

    /// <summary>Binds the cells to a model.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="cells">The configurations, at least one, all with the same number of sources.</param>
    /// <exception cref="InterventionException">A cell does not fit the model, or the model has no language model head; no hook is left behind.</exception>
    public static InterventionSweep Bind(PretrainedModel model, IReadOnlyList<InterventionConfig> cells)
    {
        CheckCells(cells);
        return model.SelectsLogits
            ? new InterventionSweep(BoundModel.Bind(model, cells), OutputRequest.LastPosition)
            : throw new InterventionException("model", $"A sweep needs next-token logits, but {model.GetName()} has no language model head.");
    }

    /// <summary>Binds the cells to a model of any kind, whose whole output each of them gives.</summary>
    internal static InterventionSweep BindWhole(nn.Module model, IReadOnlyList<InterventionConfig> cells)
    {
        CheckCells(cells);
        CallableModel callable = model is PretrainedModel known ? new CallablePretrainedModel(known) : new CallableModule(model);
        return new InterventionSweep(BoundModel.Bind(callable, cells), OutputRequest.Everything);
    }

    /// <summary>Runs every cell.</summary>
    /// <param name="base">The inputs that every cell intervenes on; they stay the caller's.</param>
    /// <param name="sources">The inputs of the sources; <see langword="null"/> = left out on purpose.</param>
    /// <param name="sharing">Which work the cells share.</param>
    /// <param name="effects">What happens when no cell has an effect.</param>
    /// <returns>The next token's logits of every cell; the caller disposes them.</returns>
    /// <exception cref="InterventionException">The inputs do not fit a cell (nothing has run), or no cell has an effect.</exception>
    public SweepRun Run(
        ModelInputs @base, IReadOnlyList<ModelInputs?>? sources = null, WorkSharing sharing = WorkSharing.All, EffectCheck effects = EffectCheck.Throw) =>
        Run(new Batch(@base), Batches(sources), new RunOptions { Sharing = sharing, Effects = effects });

    /// <summary>Runs every cell with the settings of a run.</summary>
    /// <param name="base">The inputs that every cell intervenes on; they stay the caller's.</param>
    /// <param name="sources">The inputs of the sources; <see langword="null"/> = left out on purpose.</param>
    /// <param name="options">
    /// What happens when no cell has an effect, and which work is shared. The clean run and the next token's logits are always those of a sweep, and it records
    /// no gradients.
    /// </param>
    /// <returns>The next token's logits of every cell; the caller disposes them.</returns>
    /// <exception cref="InterventionException">The inputs do not fit a cell (nothing has run), or no cell has an effect.</exception>
    /// <exception cref="ArgumentException">The options ask for gradients.</exception>
    public SweepRun Run(ModelInputs @base, IReadOnlyList<ModelInputs?>? sources, RunOptions options)
    {
        options.Given().RefuseControls("A sweep of logits");
        return Run(new Batch(@base), Batches(sources), options);
    }

    /// <summary>Tells how the sweep would run, without running it: the passes, what is shared, what is left out, and the expected multiply-adds.</summary>
    /// <param name="base">The inputs that every cell intervenes on; they stay the caller's.</param>
    /// <param name="sources">The inputs of the sources; <see langword="null"/> = left out on purpose.</param>
    /// <param name="sharing">Which work the cells share.</param>
    /// <exception cref="InterventionException">The inputs do not fit a cell.</exception>
    public PlanExplanation Explain(ModelInputs @base, IReadOnlyList<ModelInputs?>? sources = null, WorkSharing sharing = WorkSharing.All) =>
        Explain(@base, sources, new RunOptions { Sharing = sharing });

    /// <summary>Tells how the sweep would run with the settings of a run, without running it; its passes are the groups that the memory budget makes.</summary>
    /// <param name="base">The inputs that every cell intervenes on; they stay the caller's.</param>
    /// <param name="sources">The inputs of the sources; <see langword="null"/> = left out on purpose.</param>
    /// <param name="options">Which work is shared (<see cref="RunOptions.Sharing"/>), and how much memory may be taken at once
    /// (<see cref="RunOptions.MemoryBudget"/>).</param>
    /// <exception cref="InterventionException">The inputs do not fit a cell.</exception>
    /// <exception cref="ArgumentException">The options ask for gradients.</exception>
    public PlanExplanation Explain(ModelInputs @base, IReadOnlyList<ModelInputs?>? sources, RunOptions options) =>
        Explain(new Batch(@base), Batches(sources), options);

    internal PlanExplanation Explain(Batch @base, IReadOnlyList<Batch?> sources, RunOptions options)
    {
        RefuseGradients(options);
        Check(@base, sources, options.Effects);
        return bound.Explain(
            Scheduled(@base, sources, options.Sharing).Schedule.Lanes,
            Scheduled(@base, sources, WorkSharing.None).Schedule.Lanes,
            options.Sharing,
            options.MemoryBudget);
    }

    internal SweepRun Run(Batch @base, IReadOnlyList<Batch?> sources, RunOptions options)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Tensor? logits = null; // [cell, batch, vocab]
        Tensor? clean = null; // [batch, vocab]
        var receipts = Run(@base, sources, options, swept =>
        {
            clean ??= swept.Clean.clone().MoveToOtherDisposeScope(scope);
            logits ??= empty([bound.Cells.Count, .. clean.shape], clean.dtype, clean.device).MoveToOtherDisposeScope(scope);
            using var place = logits.select(0, swept.Index);
            place.copy_(swept.Logits);
        });
        return new SweepRun(logits!.DetachFromDisposeScope(), clean!.DetachFromDisposeScope(), receipts);
    }

    /// <summary>Runs every cell, group by group, and hands each on when its group has run.</summary>
    /// <param name="base">The inputs that every cell intervenes on.</param>
    /// <param name="sources">The inputs of the sources; null = left out on purpose.</param>
    /// <param name="options">The settings.</param>
    /// <param name="read">Takes a cell, in their order, outside of the model's gate; the tensors are gone when it returns.</param>
    /// <param name="cancellation">Ends the sweep before its next group.</param>
    /// <param name="kept">The cells that ran before, which are not run again, but count where all cells are looked at; not all of them.</param>
    /// <param name="ended">Is told that a group has run and all its cells were handed on, outside of the model's gate.</param>
    /// <returns>What the interventions of every cell did.</returns>
    internal EffectReceipt[][] Run(
        Batch @base,
        IReadOnlyList<Batch?> sources,
        RunOptions options,
        Action<SweptCell> read,
        CancellationToken cancellation = default,
        IReadOnlyList<KeptCell>? kept = null,
        Action? ended = null)
    {
        RefuseGradients(options);
        var (sharing, effects) = (options.Sharing, options.Effects);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        IReadOnlyList<Pass> passes;
        Lane clean;
        Dictionary<Lane, (int Index, CellLanes Cell)> cells;
        var receipts = new EffectReceipt[bound.Cells.Count][];
        foreach (var (index, did, _) in kept ??= [])
        {
            receipts[index] = did;
        }

        using (ModelGate.Enter(bound.Model.Root))
        {
            Check(@base, sources, effects);
            int[] open = [.. Enumerable.Range(0, receipts.Length).Where(index => receipts[index] is null)];
            (var schedule, clean, var scheduled) = Scheduled(@base, sources, sharing, open);
            passes = bound.Passes(schedule.Lanes, sharing, options.MemoryBudget);
            cells = scheduled.Select((cell, place) => (Index: open[place], Cell: cell)).ToDictionary(item => item.Cell.Base);
        }

        Tensor? before = null; // [batch, vocab]
        var isRead = kept.Any(cell => cell.IsRead);
        foreach (var pass in passes)
        {
            cancellation.ThrowIfCancellationRequested();
            using (ModelGate.Enter(bound.Model.Root))
            {
                bound.Execute([pass], sharing, scope, frees: true);
            }

            using var group = NewDisposeScope();
            before ??= Next(clean).clone().MoveToOtherDisposeScope(scope);
            foreach (var lane in pass.Lanes)
            {
                if (cells.TryGetValue(lane, out var item))
                {
                    receipts[item.Index] = [.. item.Cell.Receipts.Select(receipt => receipt.ToEffect())];
                    var after = Next(lane);
                    isRead |= effects == EffectCheck.Output && !isRead && Rounding.IsExceeded(before, after - before).any().cpu().item<bool>();
                    read(new SweptCell(item.Index, after, before, receipts[item.Index], isRead));
                }

                lane.Free();
            }

            ended?.Invoke();
        }

        var problem = EffectFault.OfSweep(receipts, effects, sources.Any(source => source?.HasSameInputs(@base) == true))
            ?? (effects == EffectCheck.Output && receipts.Any(EffectFault.ChangesAnything) && !isRead
                ? EffectFault.Unread("the next token's logits of any cell") : null);
        return problem is null ? receipts : throw problem;
    }

    /// <inheritdoc/>
    public void Dispose() => bound.Dispose();

    /// <summary>Refuses options that ask a sweep for gradients.</summary>
    /// <exception cref="ArgumentException">They do.</exception>
    internal static void RefuseGradients(RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Gradients)
        {
            throw new ArgumentException(
                "A sweep keeps no graph, so it cannot record gradients; run an experiment by itself, or leave Gradients out.", nameof(options));
        }
    }

    private static Batch?[] Batches(IReadOnlyList<ModelInputs?>? inputs) => [.. (inputs ?? []).Select(input => input is null ? null : new Batch(input))];

    private static void CheckCells(IReadOnlyList<InterventionConfig> cells)
    {
        if (cells.Count == 0 || cells.Any(cell => cell.Sources != cells[0].Sources))
        {
            throw new InterventionException("sources", "A sweep needs at least one cell, and the same number of sources in all of them.");
        }
    }

    private void Check(Batch @base, IReadOnlyList<Batch?> sources, EffectCheck effects)
    {
        if (sources.Count != bound.Cells[0].Sources)
        {
            throw new InterventionException("sources", $"The cells take {bound.Cells[0].Sources} sources, but {sources.Count} were given.");
        }

        bound.Check(@base, sources);
        if (effects != EffectCheck.Report)
        {
            bool[] isGiven = [.. sources.Select(source => source is not null)];
            UnseenWork.CheckSources(bound.Cells, isGiven);

            // Some cells of a grid may meet themselves, such as those on the diagonal of layers by layers; all of them do so by mistake.
            var dead = bound.Cells.Select(cell => UnseenWork.DeadWrite(cell, bound.Model, @base, isGiven)).TakeWhile(problem => problem is not null).ToArray();
            if (dead.Length == bound.Cells.Count) throw dead[0]!;
        }
    }

    private (Schedule Schedule, Lane Clean, CellLanes[] Cells) Scheduled(Batch @base, IReadOnlyList<Batch?> sources, WorkSharing sharing, int[]? cells = null)
    {
        var schedule = new Schedule(sharing);
        var clean = schedule.AddClean(@base, output);
        return (schedule, clean, [.. (cells is null ? bound.Cells : cells.Select(index => bound.Cells[index]))
            .Select(cell => schedule.AddCell(cell, @base, sources, clean, output))]);
    }

    // [batch, vocab], or what a model of another kind returned: [batch, ...]
    private Tensor Next(Lane lane) => output == OutputRequest.LastPosition ? lane.Result!.Output.Logits!.squeeze(1) : lane.Result!.Main!.alias();
}
