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
        pass.SelectRows(rows);
        present = lanes;
        active.SetRows(lanes);
    }

    private IEnumerable<long> RowsOf(Lane lane)
    {
        var start = active.TryRowsOf(lane) ?? active.TryRowsOf(lane.Parent!)!.Value;
        return Enumerable.Range(0, (int)lane.Batch.Rows).Select(row => start + row);
    }
}
