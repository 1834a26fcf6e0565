using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is attention of a stack to its own positions.</summary>
internal sealed class SelfAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly ProjectedHeads heads;
    private readonly int layer;

    public SelfAttention(HeadSettings settings, int layer, Weights weights)
        : base(nameof(SelfAttention)) => (this.layer, heads) = (layer, new ProjectedHeads(this, settings, layer, weights));

    /// <summary>Maps the normed residual stream [row, position, dModel] to what attention adds to it.</summary>
    public override Tensor forward(Tensor hiddenStates, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = heads.Take(hiddenStates);
        return scope.HandOut(heads.Attend(hiddenStates, context.Seen(layer, keys, values), context));
    }

    /// <summary>Registers nothing: the parts are registered above.</summary>
    protected override void RegisterComponents()
    {
    }
}
