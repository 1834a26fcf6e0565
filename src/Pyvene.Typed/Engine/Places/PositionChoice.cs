using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Is which positions of every example a step of a lane means. Where the inputs are tokens they are columns of the batch and known before anything runs;
/// elsewhere they are indices of dimension 1 of the hooked tensor, which only the run shows.
/// </summary>
internal sealed class PositionChoice : IDisposable
{
    private readonly Dictionary<(long First, long Rows, long Heads, DeviceType Device, int DeviceIndex), PlaceIndex>? places; // null = made for every use
    private readonly Func<PlainAxis, long[][]>? resolve;
    private (long Columns, long[][] Resolved)? seen;

    private PositionChoice(long[][]? known, int? count, Func<PlainAxis, long[][]>? resolve, bool isKept = false)
    {
        places = isKept ? [] : null;
        Known = known;
        Largest = known?.Max(row => row.Max());
        Count = count;
        this.resolve = resolve;
    }

    /// <summary>Gets the choice of every position.</summary>
    public static PositionChoice All { get; } = new(null, null, null);

    /// <summary>Gets the columns of every example, or null when all are meant or only the run tells.</summary>
    public long[][]? Known { get; }

    /// <summary>Gets the last of the known columns, or null when all are meant or only the run tells.</summary>
    public long? Largest { get; }

    /// <summary>Gets how many positions an example has; null when all are meant or only the run tells.</summary>
    public int? Count { get; }

    /// <summary>Gets whether every position is meant.</summary>
    public bool IsAll => Known is null && resolve is null;

    /// <summary>Returns the choice of known columns.</summary>
    public static PositionChoice Of(long[][] columns) => new(columns, columns[0].Length, null);

    /// <summary>Returns the choice of known columns that serves many runs: its index tensors are made once and disposed with it.</summary>
    public static PositionChoice Kept(long[][] columns) => new(columns, columns[0].Length, null, isKept: true);

    /// <summary>Returns a choice that is resolved, with all checks, when the tensor is seen.</summary>
    /// <param name="count">How many positions an example has, or null when only the run tells.</param>
    /// <param name="resolve">Resolves them on the tensor's own axis.</param>
    public static PositionChoice Late(int? count, Func<PlainAxis, long[][]> resolve) => new(null, count, resolve);

    /// <summary>Returns the index of the positions in a view.</summary>
    /// <param name="view">The component's view: [batch, position, …] or [batch, head, position, …].</param>
    /// <param name="first">The column that the view begins with.</param>
    /// <param name="headAxis">The axis of heads, 1, or null when there is none.</param>
    /// <param name="create">Makes the index from the columns of the view; null = all.</param>
    public PlaceIndex PlaceIn(Tensor view, long first, int? headAxis, Func<long[][]?, PlaceIndex> create)
    {
        if (places is null)
        {
            return create(From(first).In(view, (headAxis ?? 0) + 1));
        }

        var key = (first, view.size(0), headAxis is { } heads ? view.size(heads) : 0, view.device_type, view.device_index);
        if (!places.TryGetValue(key, out var place))
        {
            place = places[key] = create(From(first).In(view, (headAxis ?? 0) + 1)).Detached();
        }

        return place;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (places is null)
        {
            return;
        }

        foreach (var place in places.Values)
        {
            place.Dispose();
        }

        places.Clear();
    }

    /// <summary>Returns the choice in a part of the columns that begins with a later one.</summary>
    /// <param name="first">The first column of the part.</param>
    private PositionChoice From(long first) =>
        first == 0 || Known is null ? this : Of([.. Known.Select(row => row.Select(column => column - first).ToArray())]);

    /// <summary>Returns the columns in a view; null for all.</summary>
    /// <param name="view">The component's view.</param>
    /// <param name="axis">The axis of positions.</param>
    public long[][]? In(Tensor view, int axis)
    {
        if (resolve is null)
        {
            return Known;
        }

        var columns = axis < view.ndim ? view.shape[axis] : 0;
        if (seen is not { } last || last.Columns != columns)
        {
            seen = (columns, resolve(new PlainAxis(view.shape[0], columns)));
        }

        return seen.Value.Resolved;
    }
}
