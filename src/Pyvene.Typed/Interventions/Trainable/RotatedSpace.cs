using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Rotates the values by a learned orthogonal matrix W, replaces dimensions there and rotates back: swap(b W, s W) Wᵀ (pyvene's
/// <c>RotatedSpaceIntervention</c>; distributed alignment search, Geiger et al. 2023).
/// </summary>
public sealed class RotatedSpace : RotatingModule
{
    /// <summary>Initialises it with a random rotation.</summary>
    /// <param name="width">How wide the values are: dModel, times the positions unless each is treated by itself.</param>
    public RotatedSpace(int width)
        : base("rotated_space", width, width, choosesDimensions: true) => RegisterComponents();

    /// <inheritdoc/>
    protected override Tensor Replace(Tensor @base, Tensor source, Tensor? swapped)
    {
        var rotation = Rotation; // [width, width]
        var rotated = source.matmul(rotation); // [batch, ..., width]
        return (swapped is null ? rotated : where(swapped, rotated, @base.matmul(rotation))).matmul(rotation.mT); // [batch, ..., width]
    }

    /// <inheritdoc/>
    private protected override Tensor ReplaceChosen(Tensor @base, Tensor source, Tensor? chosen)
    {
        // In a plan the difference is rotated, along the chosen directions alone; a direct call rounds as PyTorch does.
        if (!IsInStep || chosen is not { } fixedForAll || fixedForAll.shape[0] != 1) return base.ReplaceChosen(@base, source, chosen);
        var directions = Rotation.index_select(1, fixedForAll.unique().output); // [width, dimension]; one that is named twice is replaced once
        return @base.add(source.sub(@base).matmul(directions).matmul(directions.mT), Scalars.Of(1)); // [batch, ..., width]
    }
}
