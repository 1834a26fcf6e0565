using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Holds the turns of the positions of one forward pass, and turns queries and keys by them.</summary>
/// <param name="Cosines">[row or 1, position, 1, width].</param>
/// <param name="SignedSines">[row or 1, position, 1, width]; negative in the first half.</param>
internal sealed record Rotation(Tensor Cosines, Tensor SignedSines)
{
    /// <summary>Turns the first features of every head, as many as the turns are wide, and leaves the others.</summary>
    /// <param name="heads">[row, position, head, dHead].</param>
    /// <returns>A fresh tensor of the same shape; it and what it took belong to the current dispose scope.</returns>
    public Tensor Turn(Tensor heads)
    {
        if (heads.dtype != Cosines.dtype)
        {
            return Turn(heads.to(Cosines.dtype)).to(heads.dtype); // [row, position, head, dHead]
        }

        var (width, all) = (Cosines.shape[^1], heads.shape[^1]);
        if (width == all)
        {
            return TurnAll(heads);
        }

        return cat([TurnAll(heads.narrow(-1, 0, width)), heads.narrow(-1, width, all - width)], -1); // [row, position, head, dHead]
    }

    /// <summary>Returns the turns of a batch whose rows are a selection of this one's.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    public Rotation SelectRows(Tensor rows) => Cosines.shape[0] == 1 ? this : new Rotation(Cosines.Rows(rows), SignedSines.Rows(rows));

    /// <summary>Returns the turns of the positions behind the first ones, as views.</summary>
    /// <param name="first">How many positions are left out.</param>
    public Rotation Behind(long first)
    {
        return new Rotation(Last(Cosines), Last(SignedSines));

        Tensor Last(Tensor turns) => turns.narrow(1, first, turns.shape[1] - first); // [row or 1, position, 1, width]
    }

    /// <summary>Returns the turns of the tokens of a packed pass.</summary>
    /// <param name="layout">The tokens.</param>
    public Rotation Pack(TokenLayout layout)
    {
        using var scope = NewDisposeScope();
        return new Rotation(scope.HandOut(Packed(Cosines)), scope.HandOut(Packed(SignedSines)));

        Tensor Packed(Tensor turns) =>
            layout.Pack(turns.shape[0] == 1 ? turns.expand(layout.ContextRows.shape[0], -1, -1, -1) : turns.Rows(layout.ContextRows)); // [1, token, 1, width]
    }

    private Tensor TurnAll(Tensor features)
    {
        var half = Cosines.shape[^1] / 2;
        using var swapped = cat([features.narrow(-1, half, half), features.narrow(-1, 0, half)], -1).mul_(SignedSines); // as roll, which the meta device lacks
        return features.mul(Cosines).add_(swapped, Scalars.Of(1));
    }
}
