using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is self-attention in which every position sees every other one, with rotary positions where the settings have them.</summary>
internal sealed class EncoderAttention : nn.Module<Tensor, Tensor, Tensor, AttentionContext, Tensor>
{
    private readonly Linear queries;
    private readonly Linear keys;
    private readonly Linear values;
    private readonly Linear? output;
    private readonly Tap attentionWeights;
    private readonly EncoderSettings settings;
    private readonly AttentionRule rule;
    private readonly int layer;

    /// <summary>Builds it.</summary>
    /// <param name="settings">The sizes and choices.</param>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    /// <param name="parts">What its parts are called.</param>
    /// <param name="hasOutput">Whether it projects the mixed values too; else what holds it does.</param>
    public EncoderAttention(EncoderSettings settings, int layer, Weights weights, AttentionParts parts, bool hasOutput)
        : base(nameof(EncoderAttention))
    {
        (this.settings, this.layer, rule) = (settings, layer, new AttentionRule(1 / Math.Sqrt(settings.HeadWidth)));
        queries = Part(parts.Queries, Map());
        keys = Part(parts.Keys, Map());
        values = Part(parts.Values, Map());
        output = hasOutput ? Part(parts.Output, Map()) : null;
        attentionWeights = Part(parts.Weights, new Tap(settings.AttentionDropout));

        Linear Map() => new(settings.Width, settings.Width, hasBias: true, weights);

        TModule Part<TModule>(string name, TModule part)
            where TModule : nn.Module
        {
            register_module(name, part);
            return part;
        }
    }

    /// <summary>Makes the values that each position takes from all, projected where it has an output.</summary>
    /// <param name="query">What queries are made of: [row, position, dModel].</param>
    /// <param name="key">What keys are made of; the residual stream, as all three are, unless an intervention changes one of them.</param>
    /// <param name="value">What values are made of.</param>
    /// <param name="context">The masks and turns.</param>
    public override Tensor forward(Tensor query, Tensor key, Tensor value, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var (asking, asked, taken) = (Heads(queries.call(query)), Heads(keys.call(key)), Heads(values.call(value))); // [row, position, head, dHead]
        if (settings.Rotary is not null)
        {
            var rotation = context.RotationOf(null);
            (asking, asked) = (rotation.Turn(asking), rotation.Turn(asked)); // [row, position, head, dHead]
        }

        // [row, head, position, dHead]
        var mixed = Attention.Attend(
            asking.transpose(1, 2), asked.transpose(1, 2), taken.transpose(1, 2), rule, context.MaskOf(), context, attentionWeights,
            context.HeadMaskOf(layer));
        var together = mixed.transpose(1, 2).reshape(query.shape); // [row, position, dModel]
        return scope.HandOut(output is null ? together : output.call(together));
    }

    // [row, position, head, dHead]
    private Tensor Heads(Tensor projected) => projected.view(projected.shape[0], projected.shape[1], settings.HeadCount, settings.HeadWidth);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
