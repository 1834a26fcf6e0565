using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.ResNet;

/// <summary>Is ResNet's stages, one after the other.</summary>
internal sealed class ResNetEncoder : nn.Module<Tensor, List<Tensor>, Tensor>
{
    private readonly ModuleList<ResNetStage> stages;

    public ResNetEncoder(ResNetConfig config, ModelConfig source, Device device)
        : base(nameof(ResNetEncoder))
    {
        stages = nn.ModuleList([.. Enumerable.Range(0, config.Depths.Count).Select(stage => new ResNetStage(config, source, stage, device))]);
        RegisterComponents();
    }

    /// <summary>Maps [batch, embedding, height, width] to the feature map behind the last stage, [batch, channel, height, width].</summary>
    /// <param name="hidden">The feature map of the embeddings.</param>
    /// <param name="states">Takes the feature map before the first stage and behind every stage; they belong to the current dispose scope.</param>
    public override Tensor forward(Tensor hidden, List<Tensor> states)
    {
        states.Add(hidden.alias());
        foreach (var stage in stages)
        {
            hidden = stage.call(hidden); // [batch, channel, height / stride, width / stride]
            states.Add(hidden);
        }

        return hidden.alias();
    }
}
