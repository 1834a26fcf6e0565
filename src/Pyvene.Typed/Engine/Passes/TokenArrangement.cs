using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Holds of every lane the tokens of the positions that it needs alone; the keys and values of those before them are the parent's.</summary>
internal sealed class TokenArrangement : IPassArrangement
{
    private readonly BlockwisePass pass;
    private readonly ActivePass active;
    private readonly Func<Lane, (long First, long End)> columnsOf;
    private readonly Device device;
    private Dictionary<Lane, TokenSegment> segments = [];
    private IReadOnlyList<Lane> present = [];

    /// <param name="pass">The tensors.</param>
    /// <param name="begun">The lanes that the pass was begun with, as rows of all positions.</param>
    /// <param name="active">What the hooks do.</param>
    /// <param name="columnsOf">Returns the columns that a lane needs.</param>
    /// <param name="device">The model's device.</param>
    public TokenArrangement(BlockwisePass pass, IReadOnlyList<Lane> begun, ActivePass active, Func<Lane, (long First, long End)> columnsOf, Device device)
    {
        (this.pass, this.active, this.columnsOf, this.device) = (pass, active, columnsOf, device);
        var row = 0L;
        foreach (var lane in begun)
        {
            segments[lane] = new TokenSegment(row * lane.Batch.Columns, lane.Batch.Rows, row, 0, lane.Batch.Columns, null);
            row += lane.Batch.Rows;
        }
    }

    /// <inheritdoc/>
    public void Arrange(IReadOnlyList<Lane> lanes, bool isBehindBlocks)
    {
        if (isBehindBlocks)
        {
            Unpack(lanes);
        }
        else if (!lanes.SequenceEqual(present))
        {
            Pack(lanes);
        }
    }

    private void Pack(IReadOnlyList<Lane> lanes)
    {
        // Clean runs come first, because others have their keys.
        var next = new Dictionary<Lane, TokenSegment>();
        var tokens = new List<long>();
        foreach (var lane in lanes.OrderBy(lane => lane.Parent is not null))
        {
            var (before, (first, end)) = (Before(lane), columnsOf(lane));
            next[lane] = new TokenSegment(tokens.Count, before.Rows, before.ContextRow, first, end, first > 0 ? next[lane.Parent!] : null);
            tokens.AddRange(before.TokensOf(first, end));
        }

        using var index = tensor(tokens.ToArray(), dtype: int64, device: device); // [token]
        pass.Pack(new TokenLayout([.. next.Values.OrderBy(segment => segment.Start)], lanes[0].Batch.Columns, device), index);
        (segments, present) = (next, lanes);
        active.SetTokens(segments);
    }

    private void Unpack(IReadOnlyList<Lane> lanes)
    {
        var all = lanes[0].Batch.Columns;
        // [row, position]
        using var tokens =
            tensor(lanes.SelectMany(lane => Before(lane).TokensOf(0, all)).ToArray(), [lanes.Sum(lane => lane.Batch.Rows), all], dtype: int64, device: device);
        using var rows = tensor(lanes.SelectMany(lane => Before(lane).ContextRows).ToArray(), dtype: int64, device: device); // [row]
        pass.Unpack(tokens, rows);
        active.SetRows(lanes);
    }

    private TokenSegment Before(Lane lane) => segments.GetValueOrDefault(lane) ?? segments[lane.Parent!];
}
