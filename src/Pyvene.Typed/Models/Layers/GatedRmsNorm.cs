using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Multiplies values by a gate behind its SiLU, then divides the last axis by its root mean square, in float32 at least, and weighs it.</summary>
internal sealed class GatedRmsNorm : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Parameter weight; // [width]
    private readonly double epsilon;

    public GatedRmsNorm(long width, double epsilon, Weights weights)
        : base(nameof(GatedRmsNorm))
    {
        this.epsilon = epsilon;
        weight = weights.Unfilled(width);
        RegisterComponents();
    }

    /// <summary>Maps values and gate, both [row, position, width], to the same shape in the dtype of the values.</summary>
    public override Tensor forward(Tensor values, Tensor gate)
    {
        using var scope = NewDisposeScope();
        var gated = values.Wide().mul(gate.Wide().silu()); // [row, position, width]
        var scale = gated.pow(Scalars.Of(2)).mean([-1], keepdim: true).add(Scalars.Of(epsilon), Scalars.Of(1)).rsqrt(); // [row, position, 1]
        return scope.HandOut(gated.mul(scale).to(values.dtype).mul(weight));
    }
}
