using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Engine;

/// <summary>Is lanes that run as one batch, with the blocks and positions that each of them needs.</summary>
internal sealed class Pass
{
    private readonly Dictionary<Lane, Need> needs;

    /// <summary>Finds out what the lanes need.</summary>
    /// <param name="lanes">The lanes, each behind those that it needs.</param>
    /// <param name="mayPack">Whether lanes may compute the positions that they need alone.</param>
    /// <param name="lastStage">The stage behind the blocks.</param>
    public Pass(IReadOnlyList<Lane> lanes, bool mayPack, int lastStage)
    {
        Lanes = lanes[0].Begun is null ? lanes : [.. lanes.OrderBy(lane => lane.Join)]; // so that those that are there come first
        var parents = lanes.Select(lane => lane.Parent).OfType<Lane>().ToHashSet();
        var packs = mayPack && lanes.All(CanPack);
        needs = lanes.ToDictionary(lane => lane, lane => NeedOf(lane, packs, parents.Contains(lane), lastStage));
        IsPacked = needs.Any(item => item.Value.End - item.Value.First < item.Key.Batch.Columns);
        foreach (var lane in lanes)
        {
            if (lane.Parent is { } parent)
            {
                // A lane is copied from its parent, and has the parent's keys and values before its own positions.
                var until = needs[lane].First > 0 ? lastStage - 1 : needs[lane].FirstStage - 1;
                needs[parent] = needs[parent] with { LastStage = Math.Max(needs[parent].LastStage, until) };
            }
        }
    }

    /// <summary>Gets the lanes.</summary>
    public IReadOnlyList<Lane> Lanes { get; }

    /// <summary>Gets whether the blocks are computed for the needed positions of every lane alone; else for all of them.</summary>
    public bool IsPacked { get; }

    /// <summary>Returns the columns that the blocks are computed for, from the first to the one behind the last.</summary>
    public (long First, long End) ColumnsOf(Lane lane) => (needs[lane].First, needs[lane].End);

    /// <summary>Tells whether a lane has rows of its own in a stage: it has joined, and somebody needs it there or later.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="stage">The stage.</param>
    public bool IsNeeded(Lane lane, int stage) => needs[lane] is var need && need.FirstStage <= stage && need.LastStage >= stage;

    // A tensor that is hooked must have positions in the axis behind that of rows, which attention weights and tensors with heads of their own have not.
    private static bool CanPack(Lane lane) => lane.Batch is { HasTokens: true, IsPlain: true, IsPaddedBefore: false }
        && lane.Steps.All(step => step.Point.Module is not Tap && step.Intervention is { IsStepwise: false, PositionAxis: 1 });

    /// <summary>
    /// Returns what a lane needs for itself: with a parent, no position before the first that it touches; without an output, none behind the last that is
    /// touched.
    /// </summary>
    private static Need NeedOf(Lane lane, bool packs, bool isParent, int lastStage)
    {
        var whole = new Need(Math.Min(lane.Join, lastStage), lane.Leave, 0, lane.Batch.Columns);
        if (!packs)
        {
            return whole;
        }

        var (first, last) = (long.MaxValue, -1L);
        foreach (var step in lane.Steps)
        {
            if (step.Point.Stage >= 0)
            {
                var (from, to) = step.Positions.Known is { } known ? (known.Min(row => row.Min()), step.Positions.Largest!.Value) : (0, lane.Batch.Columns - 1);
                (first, last) = (Math.Min(first, from), Math.Max(last, to));
            }
        }

        return last < 0 ? whole
            : lane.Parent is not null ? whole with { First = first }
            : lane.Output == OutputRequest.None && !isParent ? whole with { End = last + 1 }
            : whole;
    }

    /// <summary>Is what a lane needs.</summary>
    /// <param name="FirstStage">The first stage in which it has rows of its own.</param>
    /// <param name="LastStage">The last one.</param>
    /// <param name="First">The first position.</param>
    /// <param name="End">The position behind the last one.</param>
    private sealed record Need(int FirstStage, int LastStage, long First, long End);
}
