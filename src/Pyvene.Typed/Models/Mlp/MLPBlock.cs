using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Mlp;

/// <summary>Is one of the MLP's blocks: a linear map and an activation function, nothing else.</summary>
internal sealed class MLPBlock : nn.Module<Tensor, Tensor>
{
    private readonly Layers.Linear ff1;
    private readonly nn.Module<Tensor, Tensor> act;
    private readonly Dropout dropout;

    public MLPBlock(MLPConfig config, ModelConfig source, Device device)
        : base(nameof(MLPBlock))
    {
        ff1 = new Layers.Linear(config.Width, config.Width, config.HasBias, device);
        act = Activations.Create(config.ActivationFunction, source);
        dropout = nn.Dropout(config.Dropout);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, dModel] to [row, position, dModel].</summary>
    public override Tensor forward(Tensor hidden) => dropout.call(act.call(ff1.call(hidden)));
}
