using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Divides the last axis by its root mean square, in float32 whatever the dtype, and multiplies it by a weight. Source: Zhang and Sennrich, Root Mean Square
/// Layer Normalization, 2019.
/// </summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>, IHeldNorm
{
    private readonly Parameter weight; // [width]
    private readonly double epsilon;
    private readonly bool countsFromOne;
    private readonly bool weighsInFloat32;

    /// <summary>Initialises the norm.</summary>
    /// <param name="width">The size of the last axis.</param>
    /// <param name="epsilon">What is added to the mean square.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    /// <param name="countsFromOne">
    /// Whether the stored weight is the distance from 1, as Gemma's is; it is then applied before the result is rounded to the dtype.
    /// </param>
    /// <param name="weighsInFloat32">Whether any other weight is applied before that, too, as OLMo 2's is.</param>
    public RmsNorm(long width, double epsilon, Weights weights, bool countsFromOne = false, bool weighsInFloat32 = false)
        : base(nameof(RmsNorm))
    {
        (this.epsilon, this.countsFromOne, this.weighsInFloat32) = (epsilon, countsFromOne, weighsInFloat32);
        weight = weights.Unfilled(width);
        RegisterComponents();
    }

    /// <summary>Gets the dtype of the weight.</summary>
    public ScalarType Dtype => weight.dtype;

    /// <summary>Maps [row, position, …, width] to the same shape.</summary>
    public override Tensor forward(Tensor input)
    {
        var dtype = input.dtype;
        var isNarrow = dtype is ScalarType.Float16 or ScalarType.BFloat16;
        using var wide = isNarrow ? input.to(ScalarType.Float32) : input.alias();
        using var scale = Scale(wide); // [row, position, …, 1]
        using var scaled = wide.mul(scale);
        if (countsFromOne)
        {
            using var factor = weight.to(scaled.dtype).add(Scalars.Of(1), Scalars.Of(1)); // [width]
            using var weighted = scaled.mul(factor);
            return weighted.to(dtype);
        }

        if (weighsInFloat32 && isNarrow)
        {
            using var weighted = scaled.mul(weight);
            return weighted.to(dtype);
        }

        using var narrow = scaled.to(dtype);
        return narrow.mul(weight);
    }

    /// <inheritdoc/>
    public Tensor? Shift => null;

    /// <inheritdoc/>
    public Tensor Part(Tensor part, Tensor whole)
    {
        using var scope = NewDisposeScope();
        var stored = weight.to(part.dtype); // [width]
        return scope.HandOut(part.mul(Scale(whole)).mul(countsFromOne ? stored.add(Scalars.Of(1), Scalars.Of(1)) : stored));
    }

    private Tensor Scale(Tensor wide)
    {
        using var squares = wide.pow(Scalars.Of(2));
        return squares.mean([-1], keepdim: true).add_(Scalars.Of(epsilon), Scalars.Of(1)).rsqrt_();
    }
}
