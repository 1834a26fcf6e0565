using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is GPT-2's linear map, which stores its weight as [in, out].</summary>
internal sealed class Conv1D : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [in, out]
    private readonly Parameter bias; // [out]
    private readonly long inputs;
    private readonly long outputs;

    public Conv1D(long inputs, long outputs, Device device)
        : base(nameof(Conv1D))
    {
        this.inputs = inputs;
        this.outputs = outputs;
        weight = Weights.Unfilled([inputs, outputs], device);
        bias = Weights.Unfilled([outputs], device);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, in] to [row, position, out].</summary>
    public override Tensor forward(Tensor input)
    {
        using var flat = input.reshape(-1, inputs); // [row·position, in]
        using var product = addmm(bias, flat, weight, 1, 1); // [row·position, out]
        var shape = input.shape;
        shape[^1] = outputs;
        return product.view(shape); // [row, position, out]
    }
}
