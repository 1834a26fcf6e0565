using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is a convolution over pictures without bias, padded so that a stride of 1 keeps the size. TorchSharp's own fills its weight with random numbers first.</summary>
internal sealed class Conv2d : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [out, in, kernel, kernel]
    private readonly long stride;

    public Conv2d(long inputs, long outputs, long kernel, long stride, Device device)
        : base(nameof(Conv2d))
    {
        this.stride = stride;
        weight = Weights.Unfilled([outputs, inputs, kernel, kernel], device);
        RegisterComponents();
    }

    /// <summary>Maps [batch, in, height, width] to [batch, out, height / stride, width / stride].</summary>
    public override Tensor forward(Tensor input)
    {
        var padding = weight.shape[^1] / 2;
        return nn.functional.conv2d(input, weight, null, strides: [stride, stride], padding: [padding, padding]);
    }
}
