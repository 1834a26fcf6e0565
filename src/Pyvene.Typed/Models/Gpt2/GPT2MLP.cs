using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is GPT-2's MLP: wider, bent, narrower.</summary>
internal sealed class GPT2MLP : nn.Module<Tensor, Tensor>
{
    private readonly Conv1D c_fc;
    private readonly nn.Module<Tensor, Tensor> act;
    private readonly Conv1D c_proj;
    private readonly Dropout dropout;

    public GPT2MLP(GPT2Config config, ModelConfig source, Device device)
        : base(nameof(GPT2MLP))
    {
        c_fc = new Conv1D(config.Width, config.InnerWidth, device);
        act = Activations.Create(config.ActivationFunction, source);
        c_proj = new Conv1D(config.InnerWidth, config.Width, device);
        dropout = nn.Dropout(config.ResidualDropout);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the MLP adds to it.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var inner = act.call(c_fc.call(hidden)); // [row, position, dMlp]
        return scope.HandOut(dropout.call(c_proj.call(inner))); // [row, position, dModel]
    }
}
