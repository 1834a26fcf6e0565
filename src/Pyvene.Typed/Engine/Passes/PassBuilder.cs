namespace Pyvene.Typed.Engine;

/// <summary>Puts lanes into as few passes as their shapes and needs allow.</summary>
internal static class PassBuilder
{
    /// <summary>How many tokens one pass may hold; beyond that a larger batch is not faster.</summary>
    private const long TokenLimit = 16_384;

    /// <summary>Returns the passes, each a list of lanes that run as one batch.</summary>
    /// <param name="lanes">The lanes, each behind those that it needs.</param>
    /// <param name="sharing">What lanes may share: <see cref="WorkSharing.Blocks"/> and <see cref="WorkSharing.Positions"/> where the model can.</param>
    /// <param name="lastStage">The stage behind the blocks.</param>
    /// <param name="bytesOf">Returns how many bytes a lane adds to its pass; <see langword="null"/> = memory is no limit.</param>
    /// <param name="room">How many bytes a pass may take; one that is too small holds one lane that was asked for.</param>
    public static IReadOnlyList<Pass> Build(
        IReadOnlyList<Lane> lanes, WorkSharing sharing, int lastStage, Func<Lane, long>? bytesOf = null, long room = long.MaxValue)
    {
        var taken = 0L;
        var passes = new List<List<Lane>>();
        var parents = new Dictionary<Lane, Lane>();
        foreach (var lane in lanes)
        {
            var pass = passes.LastOrDefault();
            var bytes = bytesOf?.Invoke(lane) ?? 0;
            if (pass is null || !sharing.HasFlag(WorkSharing.Batches) || !Fits(lane, pass) || taken + bytes > room)
            {
                pass = [];
                passes.Add(pass);
                parents.Clear();
                taken = lane.Parent is { } start ? bytesOf?.Invoke(start) ?? 0 : 0; // of the copy of the clean run that the pass begins with
            }

            taken += bytes;

            if (lane.Parent is { } clean)
            {
                lane.Parent = sharing.HasFlag(WorkSharing.Batches | WorkSharing.Blocks) && lane.Join >= 0 ? ParentIn(pass, clean, parents) : null;
            }

            pass.Add(lane);
        }

        return [.. passes.Select(pass => new Pass(pass, sharing.HasFlag(WorkSharing.Blocks | WorkSharing.Positions), lastStage))];
    }

    private static bool Fits(Lane lane, List<Lane> pass) =>
        MayStandBeside(lane, pass[0]) && lane.Batch.CanShareCallWith(pass[0].Batch)
        && (pass.Sum(item => item.Batch.Rows) + lane.Batch.Rows) * lane.Batch.Columns <= TokenLimit
        && lane.Needs.All(need => !pass.Contains(need.Source) || need.Intervention.CanReadWhereItWrites);

    // A pass keeps keys of all of its rows; and its rows all begin with their inputs, or all go on from parts of one batch behind one position.
    private static bool MayStandBeside(Lane lane, Lane other) => lane.Keeps?.Keys is null && other.Keeps?.Keys is null
        && (lane.Begun is not { } begun ? other.Begun is null : begun.First == other.Begun?.First && ReferenceEquals(lane.Batch, other.Batch));

    /// <summary>Returns the clean run to start from in a pass; a further pass gets one of its own, which stops where the last cell has joined.</summary>
    private static Lane ParentIn(List<Lane> pass, Lane clean, Dictionary<Lane, Lane> parents)
    {
        if (pass.Contains(clean))
        {
            return clean;
        }

        if (!parents.TryGetValue(clean, out var copy))
        {
            copy = new Lane { Role = clean.Role, Batch = clean.Batch, Output = OutputRequest.None };
            parents[clean] = copy;
            pass.Add(copy);
        }

        return copy;
    }
}
