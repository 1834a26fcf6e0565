using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Is a convolution, a batch norm and, where the block has one there, an activation function.</summary>
internal sealed class ResNetConvLayer : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d convolution;
    private readonly BatchNorm2d normalization;
    private readonly nn.Module<Tensor, Tensor> activation;

    public ResNetConvLayer(long inputs, long outputs, long kernel, long stride, string activationFunction, ModelConfig source, Device device)
        : base(nameof(ResNetConvLayer))
    {
        convolution = new Conv2d(inputs, outputs, kernel, stride, device);
        normalization = new BatchNorm2d(outputs, device);
        activation = Activations.Create(activationFunction, source);
        RegisterComponents();
    }

    /// <summary>Maps [batch, in, height, width] to [batch, out, height / stride, width / stride].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(activation.call(normalization.call(convolution.call(input))));
    }
}
