using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Centres and scales the last axis, then applies a weight and a bias, where it has them. TorchSharp's own has no kernel for the meta device.
/// </summary>
internal sealed class LayerNorm : nn.Module<Tensor, Tensor>, IHeldNorm
{
    private readonly Parameter? weight; // [dModel]
    private readonly Parameter? bias; // [dModel]
    private readonly long[] width;
    private readonly double epsilon;

    public LayerNorm(long width, double epsilon, Weights weights, bool hasBias = true, bool hasWeight = true)
        : base(nameof(LayerNorm))
    {
        (this.width, this.epsilon) = ([width], epsilon);
        weight = hasWeight ? weights.Unfilled(width) : null;
        bias = hasBias ? weights.Unfilled(width) : null;
        RegisterComponents();
    }

    /// <summary>Maps [row, position, dModel] to the same shape.</summary>
    public override Tensor forward(Tensor input) => input.is_meta ? Composed(input) : nn.functional.layer_norm(input, width, weight, bias, epsilon);

    /// <inheritdoc/>
    public Tensor? Shift => bias;

    /// <inheritdoc/>
    public Tensor Part(Tensor part, Tensor whole)
    {
        using var scope = NewDisposeScope();
        var variance = Centred(whole).pow(Scalars.Of(2)).mean([-1], keepdim: true); // […, 1]
        var scaled = Centred(part).mul(variance.add(Scalars.Of(epsilon), Scalars.Of(1)).rsqrt()); // […, dModel]
        return scope.HandOut(weight is null ? scaled : scaled.mul(weight));
    }

    private static Tensor Centred(Tensor input) => input.sub(input.mean([-1], keepdim: true)); // […, dModel]

    private Tensor Composed(Tensor input)
    {
        using var scope = NewDisposeScope();
        var mapped = Part(input, input); // [row, position, dModel]
        return scope.HandOut(bias is null ? mapped : mapped.add(bias, Scalars.Of(1)));
    }
}
