using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is attention of a decoder to what its encoder made.</summary>
internal sealed class CrossAttention : nn.Module<Tensor, Tensor?, AttentionContext, Tensor>
{
    private readonly ProjectedHeads heads;
    private readonly int layer;

    public CrossAttention(HeadSettings settings, int layer, Weights weights)
        : base(nameof(CrossAttention)) => (this.layer, heads) = (layer, new ProjectedHeads(this, settings, layer, weights));

    /// <summary>Maps the normed residual stream [row, decoder position, dModel] to what attention adds to it.</summary>
    /// <param name="hiddenStates">The normed residual stream.</param>
    /// <param name="keyValueStates">The encoder's output, [row, position, dModel]; <see langword="null"/> where what was made of it is kept.</param>
    /// <param name="context">What attention shares.</param>
    public override Tensor forward(Tensor hiddenStates, Tensor? keyValueStates, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(heads.Attend(hiddenStates, context.Lasting(layer, () => heads.Take(keyValueStates!)), context));
    }

    /// <summary>Registers nothing: the parts are registered above.</summary>
    protected override void RegisterComponents()
    {
    }
}
