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
public sealed class InterventionSweep : IDisposable
{
    private readonly BoundModel bound;

    private InterventionSweep(BoundModel bound) => this.bound = bound;

    /// <summary>Binds the cells to a model.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="cells">The configurations, at least one, all with the same number of sources.</param>
    /// <exception cref="InterventionException">A cell does not fit the model, or the model has no language model head; no hook is left behind.</exception>
    public static InterventionSweep Bind(PretrainedModel model, IReadOnlyList<InterventionConfig> cells)
    {
        if (cells.Count == 0 || cells.Any(cell => cell.Sources != cells[0].Sources))
        {
            throw new InterventionException("sources", "A sweep needs at least one cell, and the same number of sources in all of them.");
        }

        return model.SelectsLogits
            ? new InterventionSweep(BoundModel.Bind(model, cells))
            : throw new InterventionException("model", $"A sweep needs next-token logits, but {model.GetName()} has no language model head.");
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
    public SweepRun Run(ModelInputs @base, IReadOnlyList<ModelInputs?>? sources, RunOptions options) => Run(new Batch(@base), Batches(sources), options);

    /// <summary>Tells how the sweep would run, without running it: the passes, what is shared, what is left out, and the expected multiply-adds.</summary>
    /// <param name="base">The inputs that every cell intervenes on; they stay the caller's.</param>
    /// <param name="sources">The inputs of the sources; <see langword="null"/> = left out on purpose.</param>
    /// <param name="sharing">Which work the cells share.</param>
    /// <exception cref="InterventionException">The inputs do not fit a cell.</exception>
    public PlanExplanation Explain(ModelInputs @base, IReadOnlyList<ModelInputs?>? sources = null, WorkSharing sharing = WorkSharing.All)
    {
        var (batch, batches) = (new Batch(@base), Batches(sources));
        Check(batch, batches, EffectCheck.Throw);
        return bound.Explain(Scheduled(batch, batches, sharing).Schedule.Lanes, Scheduled(batch, batches, WorkSharing.None).Schedule.Lanes, sharing);
    }

    internal SweepRun Run(Batch @base, IReadOnlyList<Batch?> sources, RunOptions options)
    {
        RefuseGradients(options);
        var (sharing, effects) = (options.Sharing, options.Effects);
        using var gate = ModelGate.Enter(bound.Model.Root);
        Check(@base, sources, effects);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (schedule, clean, cells) = Scheduled(@base, sources, sharing);
        bound.Execute(schedule.Lanes, sharing, scope);
        EffectReceipt[][] receipts = [.. cells.Select(cell => cell.Receipts.Select(receipt => receipt.ToEffect()).ToArray())];
        var (logits, cleanLogits) = (stack([.. cells.Select(cell => Next(cell.Base))], 0), Next(clean).clone()); // [cell, batch, vocab], [batch, vocab]
        var problem = EffectFault.OfSweep(receipts, effects, sources.Any(source => source?.HasSameInputs(@base) == true))
            ?? (effects == EffectCheck.Output
                && receipts.Any(EffectFault.ChangesAnything)
                && !Rounding.IsExceeded(cleanLogits, logits - cleanLogits).any().cpu().item<bool>()
                ? EffectFault.Unread("the next token's logits of any cell") : null);
        return problem is null ? new SweepRun(logits.DetachFromDisposeScope(), cleanLogits.DetachFromDisposeScope(), receipts) : throw problem;
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

    private (Schedule Schedule, Lane Clean, CellLanes[] Cells) Scheduled(Batch @base, IReadOnlyList<Batch?> sources, WorkSharing sharing)
    {
        var schedule = new Schedule(sharing);
        var clean = schedule.AddClean(@base, OutputRequest.LastPosition);
        return (schedule, clean, [.. bound.Cells.Select(cell => schedule.AddCell(cell, @base, sources, clean, OutputRequest.LastPosition))]);
    }

    private static Tensor Next(Lane lane) => lane.Result!.Logits!.squeeze(1); // [batch, vocab]
}
