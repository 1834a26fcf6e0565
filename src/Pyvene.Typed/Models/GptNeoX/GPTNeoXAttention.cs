using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.GptNeoX;

/// <summary>Is GPT-NeoX's causal self-attention: one projection whose outputs are query, key and value of each head in turn, and rotary positions on a part of each head.</summary>
internal sealed class GPTNeoXAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Linear query_key_value;
    private readonly Linear dense;
    private readonly Tap attn_weights;
    private readonly DecoderSettings settings;
    private readonly AttentionRule rule;
    private readonly int layer;

    public GPTNeoXAttention(DecoderSettings settings, int layer, Device device)
        : base(nameof(GPTNeoXAttention))
    {
        (this.settings, this.layer) = (settings, layer);
        rule = new AttentionRule(settings.ScoreScale);
        query_key_value = new Linear(settings.Width, 3 * settings.Width, settings.HasProjectionBias, device);
        dense = new Linear(settings.Width, settings.Width, settings.HasProjectionBias, device);
        attn_weights = new Tap(settings.AttentionDropout);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what attention adds to it.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var width = settings.HeadWidth;
        var projected = query_key_value.call(hidden).view(hidden.shape[0], hidden.shape[1], settings.HeadCount, 3 * width); // [row, position, head, 3·dHead]
        var query = context.Rotation.Turn(projected.narrow(-1, 0, width)).transpose(1, 2); // [row, head, position, dHead]
        var key = context.Rotation.Turn(projected.narrow(-1, width, width)).transpose(1, 2); // [row, head, position, dHead]
        var value = projected.narrow(-1, 2 * width, width).transpose(1, 2); // [row, head, position, dHead]
        if (context.Cache is { } cache)
        {
            (key, value) = cache.Append(layer, key, value); // [row, head, key, dHead]
        }

        var mixed = Attention.Attend(query, key, value, rule, context.MaskOf(), context, attn_weights); // [row, head, position, dHead]
        return scope.HandOut(dense.call(mixed.transpose(1, 2).reshape(hidden.shape))); // [row, position, dModel]
    }
}
