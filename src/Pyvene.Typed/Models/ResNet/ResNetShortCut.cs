using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Brings the input of a block to the shape of its output.</summary>
internal sealed class ResNetShortCut : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d convolution;
    private readonly BatchNorm2d normalization;

    public ResNetShortCut(long inputs, long outputs, long stride, Device device)
        : base(nameof(ResNetShortCut))
    {
        convolution = new Conv2d(inputs, outputs, kernel: 1, stride, device);
        normalization = new BatchNorm2d(outputs, device);
        RegisterComponents();
    }

    /// <summary>Maps [batch, in, height, width] to [batch, out, height / stride, width / stride].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(normalization.call(convolution.call(input)));
    }
}
