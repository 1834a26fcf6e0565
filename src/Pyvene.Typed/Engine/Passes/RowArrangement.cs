using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Holds lanes as rows of all positions.</summary>
/// <param name="pass">The tensors.</param>
/// <param name="present">The lanes that the pass was begun with.</param>
/// <param name="active">What the hooks do.</param>
/// <param name="device">The model's device.</param>
internal sealed class RowArrangement(BlockwisePass pass, IReadOnlyList<Lane> present, ActivePass active, Device device) : IPassArrangement
{
    private IReadOnlyList<Lane> present = present;

    /// <inheritdoc/>
    public void Arrange(IReadOnlyList<Lane> lanes, bool isBehindBlocks)
    {
        if (lanes.SequenceEqual(present))
        {
            return;
        }

        using var rows = tensor(lanes.SelectMany(RowsOf).ToArray(), dtype: int64, device: device); // [new row]
        var before = pass.Hidden;
        pass.SelectRows(rows);
        // A lane that goes on from a part of its own has the rows of the first one for all but the residual stream; those that are there come first.
        Tensor[] begun = [.. lanes.Where(lane => lane.Begun is not null && active.TryRowsOf(lane) is null).Select(lane => lane.Begun!.Hidden!)];
        if (begun.Length > 0) pass.Hidden = cat([before, .. begun], 0); // [row, position, dModel]
        present = lanes;
        active.SetRows(lanes);
    }

    private IEnumerable<long> RowsOf(Lane lane)
    {
        var start = active.TryRowsOf(lane) ?? (lane.Begun is null ? active.TryRowsOf(lane.Parent!)!.Value : 0);
        return Enumerable.Range(0, (int)lane.Batch.Rows).Select(row => start + row);
    }
}
