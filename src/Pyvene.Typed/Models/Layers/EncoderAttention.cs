using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is self-attention in which every position sees every other one, with rotary positions where the settings have them, called with what queries, keys and
/// values are made of, one by one.
/// </summary>
internal sealed class EncoderAttention : nn.Module<Tensor, Tensor, Tensor, AttentionContext, Tensor>
{
    private readonly EncoderMixing mixing;

    /// <inheritdoc cref="EncoderMixing(nn.Module, EncoderSettings, int, Weights, AttentionParts, bool)"/>
    public EncoderAttention(EncoderSettings settings, int layer, Weights weights, AttentionParts parts, bool hasOutput)
        : base(nameof(EncoderAttention)) =>
        mixing = new EncoderMixing(this, settings, layer, weights, parts, hasOutput);

    /// <summary>Makes the values that each position takes from all, projected where it has an output.</summary>
    /// <param name="query">What queries are made of: [row, position, dModel].</param>
    /// <param name="key">What keys are made of; the residual stream, as all three are, unless an intervention changes one of them.</param>
    /// <param name="value">What values are made of.</param>
    /// <param name="context">The masks and turns.</param>
    public override Tensor forward(Tensor query, Tensor key, Tensor value, AttentionContext context) => mixing.Mix(query, key, value, context);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
