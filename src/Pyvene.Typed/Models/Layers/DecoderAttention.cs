using Pyvene.Typed.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is causal self-attention in which several query heads may share a key and value head, with rotary positions where the settings have them.
/// </summary>
internal sealed class DecoderAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Linear[] projections; // of queries, keys and values, or one of all
    private readonly Linear output;
    private readonly RmsNorm? queryNorm;
    private readonly RmsNorm? keyNorm;
    private readonly Tap attentionWeights;
    private readonly Dropout? dropout;
    private readonly Parameter? sinks; // [head]
    private readonly AttentionParts parts;
    private readonly DecoderSettings settings;
    private readonly AttentionRule rule;
    private readonly int layer;

    public DecoderAttention(DecoderSettings settings, int layer, Weights weights, AttentionParts? parts = null)
        : base(nameof(DecoderAttention))
    {
        (this.settings, this.layer, this.parts, rule) = (settings, layer, parts ?? new(), settings.RuleOf(layer));
        var (queries, keys) = (settings.HeadCount * settings.HeadWidth, settings.KeyHeadCount * settings.HeadWidth);
        (string Name, long Width)[] projected = this.parts.Fused is { } fused
            ? [(fused, queries + (2 * keys))]
            : [(this.parts.Queries, queries), (this.parts.Keys, keys), (this.parts.Values, keys)];
        projections = [.. projected.Select(item => Part(item.Name, new Linear(settings.Width, item.Width, settings.HasProjectionBias, weights)))];
        output = Part(this.parts.Output, new Linear(queries, settings.Width, settings.HasOutputBias, weights));
        queryNorm = Norm("q_norm", queries);
        keyNorm = Norm("k_norm", keys);
        attentionWeights = Part(this.parts.Weights, new Tap(settings.AttentionDropout));
        if (settings.HasSinks)
        {
            register_parameter(nameof(sinks), sinks = weights.Unfilled(settings.HeadCount));
        }

        dropout = this.parts.Dropout is { } behind ? Part(behind, nn.Dropout(settings.HiddenDropout)) : null;

        TModule Part<TModule>(string name, TModule part)
            where TModule : nn.Module
        {
            register_module(name, part);
            return part;
        }

        RmsNorm? Norm(string name, long together) => settings.NormsHeads || settings.NormsProjections
            ? Part(name, new RmsNorm(
                settings.NormsHeads ? settings.HeadWidth : together, settings.NormEpsilon, weights, settings.NormsCountFromOne, settings.NormsWeighInFloat32))
            : null;
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what attention adds to it.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var window = settings.Windows[layer];
        var (queries, keys, values) = parts.Fused is null ? Apart(hidden) : Split(Projected(0, hidden)); // [row, position, head or key head, dHead]
        var query = Turned(queries, queryNorm, context).transpose(1, 2); // [row, head, position, dHead]
        var key = Turned(keys, keyNorm, context).transpose(1, 2); // [row, key head, position, dHead]
        var value = values.transpose(1, 2); // [row, key head, position, dHead]
        (key, value) = context.Seen(layer, key, value, window); // [row, key head, key, dHead]
        var scored = sinks is null ? rule : rule with { Sinks = sinks };
        var mixed = Attention.Attend(query, key, value, scored, context.MaskOf(window), context, attentionWeights); // [row, head, position, dHead]
        ShowAllKeys(context);
        var made = output.call(mixed.transpose(1, 2).reshape(hidden.shape[0], hidden.shape[1], -1)); // [row, position, dModel]
        return scope.HandOut(dropout is null ? made : dropout.call(made));
    }

    // What is blocked for good is blocked in attention itself, so that weights are of all keys, those that a window no longer keeps too.
    private void ShowAllKeys(AttentionContext context)
    {
        if (settings.BlocksForGood && context is { Weights: { Count: > 0 } all, Cache: { } cache } && cache.Length - all[^1].shape[3] is > 0 and var gone)
        {
            all[^1] = nn.functional.pad(all[^1], [gone, 0]).MoveToOuterDisposeScope(); // [row, head, query, key]
        }
    }

    private (Tensor Queries, Tensor Keys, Tensor Values) Apart(Tensor hidden)
    {
        return (Heads(Normed(0, queryNorm), settings.HeadCount), Heads(Normed(1, keyNorm), settings.KeyHeadCount),
            Heads(Projected(2, hidden), settings.KeyHeadCount));

        Tensor Normed(int part, RmsNorm? norm) =>
            norm is not null && settings.NormsProjections ? norm.call(Projected(part, hidden)) : Projected(part, hidden);
    }

    private (Tensor Queries, Tensor Keys, Tensor Values) Split(Tensor all)
    {
        var (heads, keyHeads, width) = (settings.HeadCount, settings.KeyHeadCount, settings.HeadWidth);
        if (!parts.IsGrouped)
        {
            var (queries, keys) = (heads * width, keyHeads * width);
            return (
                Heads(all.narrow(2, 0, queries), heads), Heads(all.narrow(2, queries, keys), keyHeads), Heads(all.narrow(2, queries + keys, keys), keyHeads));
        }

        var sharing = heads / keyHeads;
        var groups = all.view(all.shape[0], all.shape[1], keyHeads, sharing + 2, width); // [row, position, key head, sharing + 2, dHead]
        return (groups.narrow(3, 0, sharing).flatten(2, 3), groups.select(3, sharing), groups.select(3, sharing + 1));
    }

    private Tensor Projected(int part, Tensor hidden)
    {
        var projected = projections[part].call(hidden); // [row, position, width]
        return settings.ProjectionBound is { } bound ? projected.clamp(Scalars.Of(-bound), Scalars.Of(bound)) : projected;
    }

    private Tensor Turned(Tensor heads, RmsNorm? norm, AttentionContext context)
    {
        // [row, position, head, dHead]
        var normed = norm is null || settings.NormsProjections ? heads
            : settings.NormsHeadsInFront ? norm.call(heads.transpose(1, 2)).transpose(1, 2)
            : norm.call(heads);
        return settings.Rotary is null ? normed : context.RotationOf(settings.Windows[layer]).Turn(normed);
    }

    // [row, position, head, dHead]
    private Tensor Heads(Tensor projected, long heads) => projected.view(projected.shape[0], projected.shape[1], heads, settings.HeadWidth);

    /// <summary>Registers nothing: the parts are registered under the architecture's names, not under those of fields.</summary>
    protected override void RegisterComponents()
    {
    }
}
