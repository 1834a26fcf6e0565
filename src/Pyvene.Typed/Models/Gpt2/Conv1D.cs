using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is GPT-2's linear map, whose weight is [in, out].</summary>
/// <remarks>In memory it lies as [out, in], which is faster to multiply with (<see cref="LinearMap"/>).</remarks>
internal sealed class Conv1D : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [in, out]
    private readonly Parameter bias; // [out]

    public Conv1D(long inputs, long outputs, Device device)
        : base(nameof(Conv1D))
    {
        weight = Weights.UnfilledTurned(inputs, outputs, device);
        bias = Weights.Unfilled([outputs], device);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, in] to [row, position, out].</summary>
    public override Tensor forward(Tensor input)
    {
        using var turned = weight.t(); // [out, in]
        return LinearMap.Apply(input, turned, bias); // [row, position, out]
    }
}
