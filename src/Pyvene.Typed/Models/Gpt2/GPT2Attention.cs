using Pyvene.Typed.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is GPT-2's causal self-attention.</summary>
internal sealed class GPT2Attention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Conv1D c_attn;
    private readonly Conv1D c_proj;
    private readonly Tap attn_dropout;
    private readonly Dropout resid_dropout;
    private readonly int layer;
    private readonly long heads;
    private readonly long width;
    private readonly AttentionRule rule;

    public GPT2Attention(GPT2Config config, int layer, Device device)
        : base(nameof(GPT2Attention))
    {
        (this.layer, heads, width) = (layer, config.HeadCount, config.Width);
        var scale = (config.ScalesAttention ? 1 / Math.Sqrt(width / heads) : 1) / (config.ScalesAttentionByLayer ? layer + 1 : 1);
        rule = new AttentionRule(scale, Upcasts: config.UpcastsAttention);
        c_attn = new Conv1D(width, 3 * width, device);
        c_proj = new Conv1D(width, width, device);
        attn_dropout = new Tap(config.AttentionDropout);
        resid_dropout = nn.Dropout(config.ResidualDropout);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what attention adds to it.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var projected = c_attn.call(hidden); // [row, position, 3·dModel]
        var (query, key, value) = (Heads(projected, 0), Heads(projected, 1), Heads(projected, 2)); // [row, head, position, dHead]
        if (context.Cache is { } cache)
        {
            (key, value) = cache.Append(layer, key, value); // [row, head, key, dHead]
        }

        var mixed = Attention.Attend(query, key, value, rule, context.MaskOf(), context, attn_dropout).transpose(1, 2).reshape(hidden.shape); // [row, position, dModel]
        return scope.HandOut(resid_dropout.call(c_proj.call(mixed)));
    }

    private Tensor Heads(Tensor projected, int part) =>
        projected.narrow(2, part * width, width).view(projected.shape[0], projected.shape[1], heads, width / heads).transpose(1, 2); // [row, head, position, dHead]
}
