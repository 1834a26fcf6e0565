using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the part of a forward pass that one tower has.</summary>
/// <param name="tower">The tower.</param>
/// <param name="body">Its pass before its first block.</param>
internal sealed class TowerPass(Tower tower, BlockwisePass body)
{
    /// <summary>Gets the tower.</summary>
    public Tower Tower { get; } = tower;

    /// <summary>Gets or sets its pass; <see langword="null"/> once it has ended.</summary>
    public BlockwisePass? Body { get; set; } = body;

    /// <summary>Gets or sets what it returned, once it has ended.</summary>
    public ModelOutput? Output { get; set; }

    /// <summary>Gets or sets what its projection made, [row, dProjection], once that has run.</summary>
    public Tensor? Features { get; set; }

    /// <summary>Gets the number of its rows: texts or pictures.</summary>
    public long Rows => (Body?.Hidden ?? Output!.PoolerOutput!).shape[0];

    /// <summary>Replaces its rows by a selection of them.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    public void SelectRows(Tensor rows)
    {
        Body?.SelectRows(rows);
        Output = Output?.Select(tensor => tensor.Rows(rows));
        Features = Features?.Rows(rows); // [new row, dProjection]
    }
}
