using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is causal self-attention with rotary positions, in which several query heads may share a key and value head.</summary>
internal sealed class RotaryAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Linear q_proj;
    private readonly Linear k_proj;
    private readonly Linear v_proj;
    private readonly Linear o_proj;
    private readonly RmsNorm? q_norm;
    private readonly RmsNorm? k_norm;
    private readonly Tap attn_weights;
    private readonly DecoderSettings settings;
    private readonly AttentionRule rule;
    private readonly int layer;

    public RotaryAttention(DecoderSettings settings, int layer, Weights weights)
        : base(nameof(RotaryAttention))
    {
        (this.settings, this.layer) = (settings, layer);
        rule = settings.RuleOf(layer);
        var (queries, keys) = (settings.HeadCount * settings.HeadWidth, settings.KeyHeadCount * settings.HeadWidth);
        q_proj = new Linear(settings.Width, queries, settings.HasProjectionBias, weights);
        k_proj = new Linear(settings.Width, keys, settings.HasProjectionBias, weights);
        v_proj = new Linear(settings.Width, keys, settings.HasProjectionBias, weights);
        o_proj = new Linear(queries, settings.Width, settings.HasOutputBias, weights);
        q_norm = settings.NormsHeads ? Norm(settings.HeadWidth) : settings.NormsProjections ? Norm(queries) : null;
        k_norm = settings.NormsHeads ? Norm(settings.HeadWidth) : settings.NormsProjections ? Norm(keys) : null;
        attn_weights = new Tap(settings.AttentionDropout);
        RegisterComponents();

        RmsNorm Norm(long width) => new(width, settings.NormEpsilon, weights, weighsInFloat32: settings.NormsWeighInFloat32);
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what attention adds to it.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var query = Turned(q_proj.call(hidden), settings.HeadCount, q_norm, context); // [row, head, position, dHead]
        var key = Turned(k_proj.call(hidden), settings.KeyHeadCount, k_norm, context); // [row, key head, position, dHead]
        var value = Heads(v_proj.call(hidden), settings.KeyHeadCount).transpose(1, 2); // [row, key head, position, dHead]
        var window = settings.Windows[layer];
        if (context.Cache is { } cache)
        {
            (key, value) = cache.Append(layer, key, value, window); // [row, key head, key, dHead]
        }

        var mixed = Attention.Attend(query, key, value, rule, context.MaskOf(window), context, attn_weights); // [row, head, position, dHead]
        return scope.HandOut(o_proj.call(mixed.transpose(1, 2).reshape(hidden.shape[0], hidden.shape[1], -1))); // [row, position, dModel]
    }

    private Tensor Turned(Tensor projected, long heads, RmsNorm? norm, AttentionContext context)
    {
        var split = Heads(norm is not null && settings.NormsProjections ? norm.call(projected) : projected, heads); // [row, position, head, dHead]
        return context.Rotation.Turn(norm is not null && settings.NormsHeads ? norm.call(split) : split).transpose(1, 2); // [row, head, position, dHead]
    }

    // [row, position, head, dHead]
    private Tensor Heads(Tensor projected, long heads) => projected.view(projected.shape[0], projected.shape[1], heads, settings.HeadWidth);
}
