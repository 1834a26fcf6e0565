using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what the hooks of a plan do while one pass runs: for every lane whose rows are in the batch, its steps at the point.</summary>
internal sealed class ActivePass
{
    private readonly Dictionary<HookPoint, List<(Lane Lane, LaneStep Step)>> byPoint = [];
    private readonly Dictionary<Lane, (long Start, TokenSegment? Tokens, long First)> places = [];
    private readonly Dictionary<HookPoint, int> calls = []; // The last call of a module in this pass, from 0.
    private readonly DisposeScopeKeeper keep;
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long total; // rows, or tokens while the pass is packed
    private bool isPacked;
    private BoundIntervention? acting; // The one whose function is called right now.

    /// <param name="lanes">The lanes of the pass, each behind those that it needs.</param>
    /// <param name="keep">Moves a tensor out of the model's scopes into the run's.</param>
    public ActivePass(IReadOnlyList<Lane> lanes, DisposeScopeKeeper keep)
    {
        this.keep = keep;

        // In a lane, values are read after the edits at the same point.
        foreach (var lane in lanes)
        {
            foreach (var step in lane.Steps)
            {
                if (step is not (LaneStep.Read or LaneStep.Look))
                {
                    Add(lane, step);
                }
            }

            foreach (var step in lane.Steps)
            {
                if (step is LaneStep.Read or LaneStep.Look)
                {
                    Add(lane, step);
                }
            }
        }

        void Add(Lane lane, LaneStep step)
        {
            if (!byPoint.TryGetValue(step.Point, out var steps))
            {
                byPoint[step.Point] = steps = [];
            }

            steps.Add((lane, step));
        }
    }

    /// <summary>Gets the points at which something happens in this pass.</summary>
    public IEnumerable<HookPoint> Points => byPoint.Keys;

    /// <summary>Says which rows of the batch belong to which lane from now on.</summary>
    public void SetRows(IEnumerable<Lane> lanes)
    {
        places.Clear();
        (total, isPacked) = (0, false);
        foreach (var lane in lanes)
        {
            places[lane] = (total, null, lane.Begun?.First ?? 0);
            total += lane.Batch.Rows;
        }
    }

    /// <summary>Says which tokens of the packed pass belong to which lane from now on.</summary>
    public void SetTokens(IReadOnlyDictionary<Lane, TokenSegment> segments)
    {
        places.Clear();
        (total, isPacked) = (0, true);
        foreach (var (lane, segment) in segments)
        {
            places[lane] = (segment.Start, segment, segment.First);
            total += segment.Count;
        }
    }

    /// <summary>Returns the first row of a lane, or null when it is not in the batch.</summary>
    public long? TryRowsOf(Lane lane) => places.TryGetValue(lane, out var place) ? place.Start : null;

    /// <summary>Returns a view of a lane's part of the residual stream: [row, position, dModel].</summary>
    public Tensor PartOf(Lane lane, Tensor hidden) => PartOf(hidden, lane, places[lane]);

    /// <summary>Does what the lanes do at a point.</summary>
    /// <param name="point">The point.</param>
    /// <param name="tensor">The tensor of all rows; it is never written into.</param>
    /// <returns>The tensor that takes its place, or null when nothing was written.</returns>
    public Tensor? See(HookPoint point, Tensor tensor)
    {
        if (thread != Environment.CurrentManagedThreadId || !byPoint.TryGetValue(point, out var entries))
        {
            return null;
        }

        if (acting is { } caller)
        {
            throw new InterventionException("model", $"{caller.Name} called the model, or a part of it that the experiment acts on ({point}), inside of the "
                + "run that it belongs to, and would come back to itself without end. Compute what it needs before the run, or collect it.");
        }

        // What is the same for every row, such as position embeddings, may come with a single one. Where positions lie in the first axis, too, every row takes
        // as many of its entries.
        var rows = total;
        if (!isPacked && places.Count == 1)
        {
            foreach (var lane in places.Keys) rows = lane.Batch.RowsAlong(entries[0].Step.Intervention.Along); // those of a tower
        }

        var isFlattened = entries[0].Step.Intervention.IsFlattened && tensor.ndim == ViewStep.Flattened;
        var length = tensor.size(isPacked && !isFlattened ? 1 : 0);
        var perRow = isFlattened && !isPacked && length % rows == 0 ? length / rows : 1;
        if (!isPacked && length == 1 && rows > 1)
        {
            (tensor, length) = (tensor.expand([rows, .. tensor.shape[1..]]), rows); // [row, ...]
        }

        if (length != rows * perRow)
        {
            throw new InterventionException(
                "component",
                $"{point} holds a tensor of shape [{string.Join(", ", tensor.shape)}], whose first axis is not the {rows} rows of the batch; "
                    + "it cannot be intervened on.");
        }

        var call = calls[point] = calls.GetValueOrDefault(point, -1) + 1;
        Tensor? written = null;
        foreach (var (lane, step) in entries)
        {
            if (!places.TryGetValue(lane, out var place))
            {
                continue;
            }

            var hits = step.Intervention.IsStepwise ? StepHits.At(step.Positions, lane.Batch.RowsAlong(step.Intervention.Along), call) : null;
            if (step.Intervention.IsStepwise && hits is null)
            {
                continue;
            }

            var writes = step is LaneStep.Edit || (step is LaneStep.Keep { Inside: null } && TakesItsOwnPlace(tensor));
            if (writes)
            {
                written ??= tensor.clone();
            }

            var part = !isPacked && places.Count == 1 ? written ?? tensor
                : isFlattened ? FlatPartOf(written ?? tensor, lane, place, perRow)
                : PartOf(written ?? tensor, lane, place);
            if (step is LaneStep.Look look)
            {
                look.Input.Take(step.Intervention, step.Intervention.InputOf(part, lane.Batch), step.Positions, place.First, hits);
                continue;
            }

            var view = step.Intervention.ViewOf(part, lane.Batch);
            var component = step.Intervention.JoinsGroups ? view.flatten(-2, -1) : view; // [batch, position, groups * rest], a copy
            Do(step, lane.Batch, component, place.First, call, hits);
            if (writes && step.Intervention.JoinsGroups)
            {
                view.copy_(component.view(view.shape)); // [batch, position, groups, rest]
            }
        }

        return written;
    }

    /// <summary>Ends the pass: puts together what several calls of a module showed.</summary>
    /// <exception cref="InterventionException">A module was called fewer times than there are steps to read or write.</exception>
    public void Complete()
    {
        foreach (var (point, entries) in byPoint)
        {
            var count = calls.GetValueOrDefault(point, -1) + 1;
            foreach (var (lane, step) in entries)
            {
                if (step.Intervention.IsStepwise && step.Positions.Largest is { } last && last >= count)
                {
                    throw new InterventionException(
                        "positions",
                        $"{step.Intervention.Name}: step {last} is outside of the {lane.Role}: module '{point.Path}' was called {count} times (0 to "
                            + $"{count - 1}).");
                }

                (step as LaneStep.Read)?.Slot.Complete(keep);
                (step as LaneStep.Keep)?.Slot.Complete(keep);
            }
        }
    }

    /// <summary>Returns the view of a lane's part of a tensor: [row, position, …].</summary>
    private static Tensor PartOf(Tensor tensor, Lane lane, (long Start, TokenSegment? Tokens, long First) place) => place.Tokens is { } tokens
        ? tensor.narrow(1, tokens.Start, tokens.Count).view([tokens.Rows, tokens.Width, .. tensor.shape[2..]]) // [row, position, ...]
        : lane.Batch.Rows == tensor.size(0) ? tensor : tensor.narrow(0, place.Start, lane.Batch.Rows); // [row, ...]

    /// <summary>Returns the view of a lane's part of a tensor whose first axis has the positions, too: [row · position, …].</summary>
    private static Tensor FlatPartOf(Tensor tensor, Lane lane, (long Start, TokenSegment? Tokens, long First) place, long perRow) => place.Tokens is { } tokens
        ? tensor.narrow(0, tokens.Start, tokens.Count)
        : tensor.narrow(0, place.Start * perRow, lane.Batch.Rows * perRow);

    /// <summary>Returns whether what is collected is written back, as it is while gradients are recorded: then the rest of the run depends on it.</summary>
    private static bool TakesItsOwnPlace(Tensor values) => is_grad_enabled() && values.is_floating_point();

    private void Do(LaneStep step, Batch batch, Tensor view, long first, int call, StepHits? hits)
    {
        var bound = step.Intervention;
        bound.CheckView(view, step.Positions, first);
        var index = bound.IndexIn(view, step.Positions, first, hits, step is LaneStep.Read);
        index = bound.Spec.Intervention.HasOwnSpace ? index.AtWholeWidth() : index;
        switch (step)
        {
            case LaneStep.Read read:
                read.Slot.Add(keep(index.Copy(view)), hits);
                break;
            case LaneStep.Keep collected:
                var values = keep(index.Copy(view));
                if (TakesItsOwnPlace(values))
                {
                    values = values.requires_grad ? values : values.requires_grad_();
                    if (collected.Inside is null) index.Scatter(view, values);
                }

                collected.Slot.Add(collected.Inside is { } learned ? keep(learned.ComputeInside(values, index.Features)) : values, hits);
                collected.Receipt.Note(values, null, RealPlaces.Of(step, batch, view, first, call, hits), keep);
                break;
            case LaneStep.Edit edit:
                Write(edit, index, view, call, hits, RealPlaces.Of(step, batch, view, first, call, hits));
                break;
        }
    }

    /// <summary>Checks what is written into token ids: beyond the table, a native error would end an accelerator's context.</summary>
    private static void CheckIds(LaneStep.Edit edit, Tensor ids)
    {
        var rows = edit.Point is not { Side: HookSide.Input, Module: var module } ? null
            : module is Embedding own ? own.weight.shape[0]
            : module is TorchSharp.Modules.Embedding table ? table.weight!.shape[0]
            : (long?)null;
        if (rows is not { } count || ids.is_floating_point())
        {
            return;
        }

        using var isOutside = ((ids < Scalars.Of(0)) | (ids >= Scalars.Of(count))).any().cpu();
        if (isOutside.item<bool>())
        {
            throw new InterventionException(
                "intervention",
                $"{edit.Intervention.Name} writes into token ids and makes some that module '{edit.Point.Path}' has no row for; "
                    + $"it has {count} (0 to {count - 1}). Exchange them with those of a source, or act behind the module.");
        }
    }

    private void Write(LaneStep.Edit edit, PlaceIndex index, Tensor view, int call, StepHits? hits, RealPlaces? real)
    {
        // What a graph keeps must not be the storage that is written into below.
        var before = is_grad_enabled() ? index.Copy(view) : index.Gather(view);
        var source = edit.Input?.For(edit.Intervention, view, edit.Positions) ?? SourceValues.For(edit, index, before, view.shape[^1], call, hits);
        Tensor? after;
        try
        {
            acting = edit.Intervention;
            after = FeatureGroups.Apply(edit, index, before, source, real, keep);
        }
        finally
        {
            acting = null;
        }

        if (after is not null)
        {
            after = after.to(view.dtype);
            CheckIds(edit, after);
            index.Scatter(view, after);
        }
    }
}
