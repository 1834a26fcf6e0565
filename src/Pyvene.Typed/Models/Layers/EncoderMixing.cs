using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is what self-attention of an encoder computes, whatever calls it: it projects queries, keys and values, mixes the values by how well queries and keys agree,
/// and projects what came of it. Its parts are the caller's modules.
/// </summary>
internal sealed class EncoderMixing
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
    /// <param name="owner">What the parts are registered in.</param>
    /// <param name="settings">The sizes and choices.</param>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    /// <param name="parts">What its parts are called.</param>
    /// <param name="hasOutput">Whether it projects the mixed values too; else what holds it does.</param>
    public EncoderMixing(nn.Module owner, EncoderSettings settings, int layer, Weights weights, AttentionParts parts, bool hasOutput)
    {
        (this.settings, this.layer, rule) = (settings, layer, new AttentionRule(1 / Math.Sqrt(settings.HeadWidth)));
        queries = Part(parts.Queries, Map(settings.HasMapBias));
        keys = Part(parts.Keys, Map(settings.HasMapBias));
        values = Part(parts.Values, Map(settings.HasMapBias));
        output = hasOutput ? Part(parts.Output, Map(hasBias: true)) : null;
        attentionWeights = Part(parts.Weights, new Tap(settings.AttentionDropout));

        Linear Map(bool hasBias) => new(settings.Width, settings.Width, hasBias, weights);

        TModule Part<TModule>(string name, TModule part)
            where TModule : nn.Module
        {
            owner.register_module(name, part);
            return part;
        }
    }

    /// <summary>Makes the values that each position takes from all that it sees, projected where it has an output.</summary>
    /// <param name="query">What queries are made of: [row, position, dModel].</param>
    /// <param name="key">What keys are made of.</param>
    /// <param name="value">What values are made of.</param>
    /// <param name="context">The masks and turns.</param>
    /// <returns>[row, position, dModel]; it belongs to the current dispose scope.</returns>
    public Tensor Mix(Tensor query, Tensor key, Tensor value, AttentionContext context)
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
}
