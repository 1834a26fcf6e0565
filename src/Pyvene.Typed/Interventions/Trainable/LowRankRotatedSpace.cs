using System.Text.Json.Nodes;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Replaces the part of the values that lies along a few learned orthonormal directions W: b + (swap(b W, s W) − b W) Wᵀ (pyvene's
/// <c>LowRankRotatedSpaceIntervention</c>).
/// </summary>
public sealed class LowRankRotatedSpace : RotatingModule
{
    /// <summary>Initialises it with random directions.</summary>
    /// <param name="width">How wide the values are: dModel, times the positions unless each is treated by itself.</param>
    /// <param name="rank">The number of directions, 1 to <paramref name="width"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rank is above the width.</exception>
    public LowRankRotatedSpace(int width, int rank)
        : base("low_rank_rotated_space", width, rank, choosesDimensions: true)
    {
        Rank = rank;
        RegisterComponents();
    }

    /// <summary>Gets the number of directions.</summary>
    public int Rank { get; }

    /// <inheritdoc/>
    public override JsonObject ToParameters()
    {
        var parameters = base.ToParameters();
        parameters["rank"] = Rank;
        return parameters;
    }

    /// <inheritdoc/>
    protected override Tensor Replace(Tensor @base, Tensor source, Tensor? swapped)
    {
        // In a plan the difference is taken first: what is alike cancels before it rounds, also in the gradients. A direct call rounds as PyTorch does.
        var change = IsInStep ? source.sub(@base).matmul(Rotation) : source.matmul(Rotation).sub(@base.matmul(Rotation)); // [batch, ..., rank]
        return @base.add((swapped is null ? change : change.mul(swapped)).matmul(Rotation.mT), Scalars.Of(1)); // [batch, ..., width]
    }
}
