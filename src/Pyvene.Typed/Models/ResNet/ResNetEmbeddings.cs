using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Is ResNet's beginning: a wide convolution and a pooling, which quarter the size.</summary>
internal sealed class ResNetEmbeddings : nn.Module<Tensor, Tensor>
{
    private readonly ResNetConvLayer embedder;
    private readonly MaxPool2d pooler;

    public ResNetEmbeddings(ResNetConfig config, ModelConfig source, Device device)
        : base(nameof(ResNetEmbeddings))
    {
        embedder = new ResNetConvLayer(config.ChannelCount, config.EmbeddingSize, kernel: 7, stride: 2, config.ActivationFunction, source, device);
        pooler = nn.MaxPool2d(3, stride: 2, padding: 1);
        RegisterComponents();
    }

    /// <summary>Maps [batch, channel, height, width] to [batch, embedding, height / 4, width / 4].</summary>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(pooler.call(embedder.call(pixels)));
    }
}
