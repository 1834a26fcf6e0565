using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is what attention to own positions and attention to an encoder's have in common: the projections, and how values are mixed.</summary>
internal sealed class ProjectedHeads
{
    private readonly HeadSettings settings;
    private readonly int layer;
    private readonly Linear queries;
    private readonly Linear keys;
    private readonly Linear values;
    private readonly Linear output;
    private readonly Tap attentionWeights;

    /// <summary>Makes the projections and registers them.</summary>
    /// <param name="owner">The attention.</param>
    /// <param name="settings">Sizes and choices.</param>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="weights">Where and in which dtype the parameters are made.</param>
    public ProjectedHeads(nn.Module owner, HeadSettings settings, int layer, Weights weights)
    {
        (this.settings, this.layer) = (settings, layer);
        var (width, inner, parts) = (settings.Width, settings.Count * settings.HeadWidth, settings.Parts);
        queries = Part(parts.Queries, new Linear(width, inner, settings.HasBiases, weights));
        keys = Part(parts.Keys, new Linear(width, inner, settings.HasKeyBias, weights));
        values = Part(parts.Values, new Linear(width, inner, settings.HasBiases, weights));
        output = Part(parts.Output, new Linear(inner, width, settings.HasBiases, weights));
        attentionWeights = Part(parts.Weights, new Tap(settings.Dropout));

        TModule Part<TModule>(string name, TModule part)
            where TModule : nn.Module
        {
            owner.register_module(name, part);
            return part;
        }
    }

    /// <summary>Makes keys and values of [row, position, dModel]: each [row, head, position, dHead].</summary>
    public (Tensor Keys, Tensor Values) Take(Tensor source) => (Heads(keys.call(source)), Heads(values.call(source)));

    /// <summary>Lets queries made of [row, query, dModel] mix values: [row, query, dModel].</summary>
    public Tensor Attend(Tensor hidden, (Tensor Keys, Tensor Values) taken, AttentionContext context)
    {
        var asking = Heads(queries.call(hidden)); // [row, head, query, dHead]
        var mixed = Attention.Attend(
            asking, taken.Keys, taken.Values, settings.Rule, context.MaskOf(), context, attentionWeights, context.HeadMaskOf(layer)); // as asking
        return output.call(mixed.transpose(1, 2).flatten(2, 3)); // [row, query, dModel]
    }

    // [row, head, position, dHead]
    private Tensor Heads(Tensor projected) => projected.unflatten(2, [settings.Count, settings.HeadWidth]).transpose(1, 2);
}
