using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what the hooks of a plan do while one pass runs: for every lane whose rows are in the batch, its steps at the point.</summary>
internal sealed class ActivePass
{
    private readonly Dictionary<HookPoint, (Lane Lane, LaneStep[] Steps)[]> byPoint;
    private readonly Dictionary<Lane, (long Start, long Count)> rows = [];
    private readonly DisposeScopeKeeper keep;
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long total;

    /// <param name="lanes">The lanes of the pass, each behind those that it needs.</param>
    /// <param name="keep">Moves a tensor out of the model's scopes into the run's.</param>
    public ActivePass(IReadOnlyList<Lane> lanes, DisposeScopeKeeper keep)
    {
        this.keep = keep;

        // In a lane, values are read after the edits at the same point.
        byPoint = lanes
            .SelectMany(lane => lane.Steps.GroupBy(step => step.Point).Select(steps => (Point: steps.Key, Entry: (lane, steps.OrderBy(step => step is LaneStep.Read).ToArray()))))
            .GroupBy(item => item.Point)
            .ToDictionary(group => group.Key, group => group.Select(item => item.Entry).ToArray());
    }

    /// <summary>Gets the points at which something happens in this pass.</summary>
    public IEnumerable<HookPoint> Points => byPoint.Keys;

    /// <summary>Says which rows of the batch belong to which lane from now on.</summary>
    public void SetRows(IEnumerable<Lane> lanes)
    {
        rows.Clear();
        var start = 0L;
        foreach (var lane in lanes)
        {
            rows[lane] = (start, lane.Batch.Rows);
            start += lane.Batch.Rows;
        }

        total = start;
    }

    /// <summary>Returns where a lane's rows are, or null when it is not in the batch.</summary>
    public (long Start, long Count)? TryRowsOf(Lane lane) => rows.TryGetValue(lane, out var span) ? span : null;

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

        // What is the same for every row, such as position embeddings, may come with a single one.
        tensor = tensor.shape[0] == 1 && total > 1 ? tensor.expand([total, .. tensor.shape[1..]]) : tensor; // [row, ...]
        if (tensor.shape[0] != total)
        {
            throw new InterventionException("component", $"{point} holds a tensor of shape [{string.Join(", ", tensor.shape)}], whose first axis is not the {total} rows of the batch; it cannot be intervened on.");
        }

        Tensor? written = null;
        foreach (var (lane, steps) in entries)
        {
            if (!rows.TryGetValue(lane, out var span))
            {
                continue;
            }

            foreach (var step in steps)
            {
                if (step is LaneStep.Edit)
                {
                    written ??= tensor.clone();
                }

                var seen = written ?? tensor;
                Do(step, step.Intervention.ViewOf(span.Count == seen.shape[0] ? seen : seen.narrow(0, span.Start, span.Count)));
            }
        }

        return written;
    }

    private void Do(LaneStep step, Tensor view)
    {
        var bound = step.Intervention;
        if (bound.Width is { } width && view.shape[^1] != width)
        {
            throw new InterventionException("component", $"{bound.Name}: the descriptor says that the component is {width} wide, but it is [{string.Join(", ", view.shape)}]; the descriptor is wrong for this model.");
        }

        var index = bound.IndexIn(view, step.Columns, step is LaneStep.Read);
        switch (step)
        {
            case LaneStep.Read read:
                read.Slot.Value = keep(index.Copy(view));
                break;
            case LaneStep.Keep collected:
                collected.Slot.Value = keep(index.Copy(view));
                collected.Receipt.Note(collected.Slot.Value, null, keep);
                break;
            case LaneStep.Edit edit:
                Write(edit, index, view);
                break;
        }
    }

    private void Write(LaneStep.Edit edit, PlaceIndex index, Tensor view)
    {
        var bound = edit.Intervention;
        var before = index.Gather(view);
        var source = edit.Slot is { } slot
            ? slot.Value ?? throw new InvalidOperationException($"{bound.Name}: its source was not read before it was needed.")
            : bound.Constant;
        var after = bound.Spec.Intervention.Apply(before, source is null ? null : Fit(bound, source, before), index.Features);
        if (after is null)
        {
            edit.Receipt.Note(before, before, keep);
            return;
        }

        if (!after.shape.SequenceEqual(before.shape))
        {
            throw new InterventionException("intervention", $"{bound.Name} returned values of shape [{string.Join(", ", after.shape)}] for values of shape [{string.Join(", ", before.shape)}]; it must keep the shape.");
        }

        edit.Receipt.Note(before, after, keep);
        index.Scatter(view, after.to(view.dtype));
    }

    /// <summary>Returns the source's values in the shape of the base's: they have it already, or are one vector for every place.</summary>
    private static Tensor Fit(BoundIntervention bound, Tensor source, Tensor before)
    {
        if (source.shape.SequenceEqual(before.shape))
        {
            return source;
        }

        var isVector = source.shape[..^1].All(length => length == 1) && source.shape[^1] == before.shape[^1];
        return isVector
            ? source.view(source.shape[^1]).expand(before.shape) // [..., width]
            : throw new InterventionException(
                bound.Constant is null ? "positions" : "constant",
                $"{bound.Name}: the source's values have shape [{string.Join(", ", source.shape)}], the base's [{string.Join(", ", before.shape)}]; they must be equal, or the source one vector. Read as many positions, heads and examples in the source as are written in the base.");
    }
}
