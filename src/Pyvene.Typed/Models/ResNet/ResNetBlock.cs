using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Is one of ResNet's blocks, basic or bottleneck: a branch of convolutions is added to the input, then an activation function.</summary>
internal sealed class ResNetBlock : nn.Module<Tensor, Tensor>
{
    private const string NoActivation = "linear";
    private const long Reduction = 4;

    private readonly nn.Module<Tensor, Tensor> shortcut;
    private readonly Sequential layer;
    private readonly nn.Module<Tensor, Tensor> activation;

    public ResNetBlock(ResNetConfig config, ModelConfig source, long inputs, long outputs, long stride, Device device)
        : base(nameof(ResNetBlock))
    {
        shortcut = inputs != outputs || stride != 1 ? new ResNetShortCut(inputs, outputs, stride, device) : nn.Identity();
        layer = nn.Sequential(config.LayerType == "basic" ? Basic() : Bottleneck());
        activation = Activations.Create(config.ActivationFunction, source);
        RegisterComponents();

        ResNetConvLayer[] Basic() => [Convolution(inputs, outputs, 3, stride, config.ActivationFunction), Convolution(outputs, outputs, 3, 1, NoActivation)];

        ResNetConvLayer[] Bottleneck()
        {
            var (narrow, isFirst) = (outputs / Reduction, config.DownsamplesInBottleneck);
            return
            [
                Convolution(inputs, narrow, 1, isFirst ? stride : 1, config.ActivationFunction),
                Convolution(narrow, narrow, 3, isFirst ? 1 : stride, config.ActivationFunction),
                Convolution(narrow, outputs, 1, 1, NoActivation),
            ];
        }

        ResNetConvLayer Convolution(long from, long to, long kernel, long step, string function) => new(from, to, kernel, step, function, source, device);
    }

    /// <summary>Maps [batch, in, height, width] to [batch, out, height / stride, width / stride].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var branch = layer.call(input); // [batch, out, height / stride, width / stride]
        return scope.HandOut(activation.call(branch.add(shortcut.call(input), Scalars.Of(1))));
    }
}
