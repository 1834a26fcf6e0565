using TorchSharp;
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
}
