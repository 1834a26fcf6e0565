using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Engine;

/// <summary>Is lanes that run as one batch.</summary>
/// <param name="lanes">The lanes, each behind those that it needs.</param>
/// <param name="mayPack">Whether lanes may compute the positions that they need alone.</param>
internal sealed class Pass(IReadOnlyList<Lane> lanes, bool mayPack)
{
    private readonly Dictionary<Lane, (long First, long End)> columns = mayPack && lanes.All(CanPack) ? lanes.ToDictionary(lane => lane, lane => ColumnsOf(lane, lanes)) : [];

    /// <summary>Gets the lanes.</summary>
    public IReadOnlyList<Lane> Lanes => lanes;

    /// <summary>Gets whether the blocks are computed for the needed positions of every lane alone; else for all of them.</summary>
    public bool IsPacked => columns.Any(item => item.Value.End - item.Value.First < item.Key.Batch.Columns);

    /// <summary>Returns the columns that the blocks are computed for, from the first to the one behind the last.</summary>
    public (long First, long End) ColumnsOf(Lane lane) => IsPacked ? columns[lane] : (0, lane.Batch.Columns);

    /// <summary>Tells whether a lane has rows of its own in a stage: it has joined, and somebody needs it there or later.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="last">The stage behind the blocks.</param>
    public bool IsNeeded(Lane lane, int stage, int last)
    {
        return Joined(lane) <= stage && (lane.Leave >= stage || lanes.Any(child => child.Parent == lane && (Joined(child) > stage || (stage < last && ColumnsOf(child).First > 0))));

        int Joined(Lane one) => Math.Min(one.Join, last);
    }

    // A place that is hooked must be an axis of positions behind that of rows, which attention weights are not.
    private static bool CanPack(Lane lane) => lane.Batch is { HasTokens: true, IsPlain: true, IsPaddedBefore: false } && lane.Steps.All(step => step.Point.Module is not Tap && !step.Intervention.IsStepwise);

    /// <summary>Returns which columns a lane needs: with a parent, none before the first that it touches; without an output, none behind the last that is touched.</summary>
    private static (long First, long End) ColumnsOf(Lane lane, IReadOnlyList<Lane> lanes)
    {
        var all = lane.Batch.Columns;
        var touched = lane.Steps.Where(step => step.Point.Stage >= 0).Select(step => step.Positions.Known is { } known ? (First: known.Min(row => row.Min()), Last: known.Max(row => row.Max())) : (0, all - 1)).ToArray();
        var first = lane.Parent is null || touched.Length == 0 ? 0 : touched.Min(range => range.First);
        var isWhole = lane.Output != OutputRequest.None || lane.Parent is not null || touched.Length == 0 || lanes.Any(child => child.Parent == lane);
        return (first, isWhole ? all : touched.Max(range => range.Last) + 1);
    }
}
