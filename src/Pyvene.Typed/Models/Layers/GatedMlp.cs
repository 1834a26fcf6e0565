using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is an MLP whose hidden values are gated: down(act(gate(x)) · up(x)). Source: Shazeer, GLU Variants Improve Transformer, 2020.</summary>
internal sealed class GatedMlp : nn.Module<Tensor, Tensor>
{
    private readonly Linear gate_proj;
    private readonly Linear up_proj;
    private readonly Linear down_proj;
    private readonly nn.Module<Tensor, Tensor> act_fn;

    public GatedMlp(DecoderSettings settings, Weights weights)
        : base(nameof(GatedMlp))
    {
        gate_proj = new Linear(settings.Width, settings.InnerWidth, settings.HasMlpBias, weights);
        up_proj = new Linear(settings.Width, settings.InnerWidth, settings.HasMlpBias, weights);
        down_proj = new Linear(settings.InnerWidth, settings.Width, settings.HasMlpBias, weights);
        act_fn = Activations.Create(settings.Activation, settings.Source);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the MLP adds to it.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var inner = act_fn.call(gate_proj.call(hidden)).mul(up_proj.call(hidden)); // [row, position, dMlp]
        return scope.HandOut(down_proj.call(inner)); // [row, position, dModel]
    }
}
