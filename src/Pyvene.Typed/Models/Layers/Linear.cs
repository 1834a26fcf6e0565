using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is a linear map with its weight stored as [out, in].</summary>
/// <remarks>TorchSharp's own fills its weight with random numbers first, which costs more than reading the weights.</remarks>
internal sealed class Linear : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight; // [out, in]
    internal readonly Parameter? bias; // [out]

    public Linear(long inputs, long outputs, bool hasBias, Weights weights)
        : base(nameof(Linear))
    {
        weight = weights.Unfilled(outputs, inputs);
        bias = hasBias ? weights.Unfilled(outputs) : null;
        RegisterComponents();
    }

    /// <summary>Maps [batch, position, in] to [batch, position, out].</summary>
    public override Tensor forward(Tensor input) => LinearMap.Apply(input, weight, bias);
}
