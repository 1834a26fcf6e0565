using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Bert;

/// <summary>Prepares the last residual stream for the map to logits.</summary>
internal sealed class BertPredictionHeadTransform : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly nn.Module<Tensor, Tensor> transform_act_fn;
    private readonly Layers.LayerNorm LayerNorm;

    public BertPredictionHeadTransform(BertSettings settings, Device device)
        : base(nameof(BertPredictionHeadTransform))
    {
        dense = new Linear(settings.Width, settings.Width, hasBias: true, device);
        transform_act_fn = Activations.Create(settings.Activation, settings.Source);
        LayerNorm = new Layers.LayerNorm(settings.Width, settings.NormEpsilon, device);
        RegisterComponents();
    }

    /// <summary>Maps [row, position, dModel] to the same shape.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(LayerNorm.call(transform_act_fn.call(dense.call(hidden)))); // [row, position, dModel]
    }
}
