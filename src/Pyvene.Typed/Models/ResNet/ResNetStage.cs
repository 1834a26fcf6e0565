using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Is one of ResNet's stages: a row of blocks, of which the first changes the shape.</summary>
internal sealed class ResNetStage : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public ResNetStage(ResNetConfig config, ModelConfig source, int stage, Device device)
        : base(nameof(ResNetStage))
    {
        var (inputs, outputs) = (stage == 0 ? config.EmbeddingSize : config.HiddenSizes[stage - 1], config.HiddenSizes[stage]);
        var stride = stage > 0 || config.DownsamplesInFirstStage ? 2 : 1;
        layers = nn.Sequential([.. Enumerable.Range(0, (int)config.Depths[stage]).Select(block => new ResNetBlock(config, source, block == 0 ? inputs : outputs, outputs, block == 0 ? stride : 1, device))]);
        RegisterComponents();
    }

    /// <summary>Maps [batch, in, height, width] to [batch, out, height / stride, width / stride].</summary>
    public override Tensor forward(Tensor input) => layers.call(input);
}
