using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is self-attention of an encoder that is called with the one tensor that queries, keys and values are made of.</summary>
internal sealed class EncoderSelfAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly EncoderMixing mixing;

    /// <inheritdoc cref="EncoderMixing(nn.Module, EncoderSettings, int, Weights, AttentionParts, bool)"/>
    public EncoderSelfAttention(EncoderSettings settings, int layer, Weights weights, AttentionParts parts, bool hasOutput)
        : base(nameof(EncoderSelfAttention)) =>
        mixing = new EncoderMixing(this, settings, layer, weights, parts, hasOutput);

    /// <summary>Makes the values that each position takes from all that it sees: [row, position, dModel] of [row, position, dModel].</summary>
    public override Tensor forward(Tensor hiddenStates, AttentionContext context) => mixing.Mix(hiddenStates, hiddenStates, hiddenStates, context);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
