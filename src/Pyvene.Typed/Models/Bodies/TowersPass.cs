using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the state of a forward pass through towers, one behind the other; the residual stream is that of the tower which runs.</summary>
/// <param name="inputs">The arguments.</param>
/// <param name="towers">The towers that have inputs, in the order in which they run.</param>
internal sealed class TowersPass(ModelInputs inputs, IReadOnlyList<TowerPass> towers) : BlockwisePass(inputs, towers[0].Body!.Hidden)
{
    private TowerPass running = towers[0];

    /// <summary>Gets what a tower made; <see langword="null"/> where it had no inputs.</summary>
    public TowerPass? this[Tower tower] => towers.FirstOrDefault(own => own.Tower == tower);

    /// <summary>Makes a tower the one that runs, and returns its part; <see langword="null"/> where it has no inputs.</summary>
    public TowerPass? Begin(Tower tower)
    {
        if (this[tower] is not { } own) return null;
        if (own != running)
        {
            running = own;
            Hidden = own.Body!.Hidden; // [row, position, dModel]
        }

        return own;
    }

    /// <inheritdoc/>
    public override void SelectRows(Tensor rows)
    {
        var count = Inputs.Leading!.shape[0];
        if (running.Body is { } body) body.Hidden = Hidden;
        foreach (var own in towers)
        {
            if (own.Rows == count)
            {
                own.SelectRows(rows);
            }
            else if (rows.shape[0] != count || rows.is_meta || !rows.Equals(arange(Scalars.Of(0), Scalars.Of(count), Scalars.Of(1), int64, rows.device)))
            {
                throw new ArgumentException(
                    $"There are {count} rows of one tower and {own.Rows} of the other, so no row of both can be selected.", nameof(rows));
            }
        }

        Inputs = Inputs.SelectRows(rows);
        Hidden = running.Body?.Hidden ?? Hidden.Rows(rows); // [new row, position, dModel]
    }
}
