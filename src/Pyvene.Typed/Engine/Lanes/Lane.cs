namespace Pyvene.Typed.Engine;

/// <summary>
/// Is one run of the model inside a pass: its rows, what happens to them, and from when to when they are needed. A lane with a parent starts as a copy of the
/// parent's rows, right before the first stage in which they differ; a lane that nobody needs any more leaves the batch.
/// </summary>
internal sealed class Lane
{
    /// <summary>Gets what the lane is, for messages: <c>base</c>, <c>source 0</c>.</summary>
    public required string Role { get; init; }

    public required Batch Batch { get; init; }

    /// <summary>Gets or sets the lane without edits that this one follows until <see cref="Join"/>.</summary>
    public Lane? Parent { get; set; }

    public List<LaneStep> Steps { get; } = [];

    /// <summary>Gets what the lane's output is needed for.</summary>
    public OutputRequest Output { get; init; }

    /// <summary>Gets or sets what the lane goes on from; <see langword="null"/> = it begins with its inputs.</summary>
    public CleanPart? Begun { get; set; }

    /// <summary>Gets or sets what of the lane is kept for other runs to go on from, or <see langword="null"/>.</summary>
    public KeptPart? Keeps { get; set; }

    /// <summary>Gets the first stage before which the lane needs rows of its own.</summary>
    public int Join
    {
        get
        {
            if (Begun is { } begun) return begun.Stage;
            var first = Parent is null ? -1 : int.MaxValue;
            foreach (var step in Steps)
            {
                first = Math.Min(first, step.Point.Stage);
            }

            return first;
        }
    }

    /// <summary>Gets the last stage behind which nobody needs the lane.</summary>
    public int Leave
    {
        get
        {
            var last = Output != OutputRequest.None ? int.MaxValue : Keeps?.LastStage ?? int.MinValue;
            foreach (var step in Steps)
            {
                last = Math.Max(last, step.Point.Stage);
            }

            return last;
        }
    }

    /// <summary>Gets the lanes that this one reads values of.</summary>
    public List<(Lane Source, BoundIntervention Intervention)> Needs { get; } = [];

    /// <summary>Gets or sets the result, once the pass has run.</summary>
    public LaneOutput? Result { get; set; }

    /// <summary>Disposes the result and the values that this lane alone needed, once its pass has run and they have been read.</summary>
    public void Free()
    {
        foreach (var step in Steps)
        {
            (step switch { LaneStep.Edit edit => edit.Slot, LaneStep.Keep keep => keep.Slot, _ => null })?.Free();
        }

        foreach (var tensor in Result?.Tensors() ?? [])
        {
            tensor.Dispose();
        }

        Result = null;
    }
}
