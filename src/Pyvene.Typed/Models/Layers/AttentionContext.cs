using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Holds what the attention of every block of one forward pass shares: the masks, the turns of rotary positions, the cache, and whether the weights are wanted.
/// </summary>
/// <remarks>Its tensors belong to the dispose scope that the pass was begun in.</remarks>
internal sealed class AttentionContext
{
    private readonly List<(long? Window, AttentionMask Mask)> masks = [];
    private readonly List<(long? Window, Rotation Rotation)> rotations = []; // one for all layers, or one a window
    private (List<AttentionMask> Masks, List<Rotation> Rotations)? begun; // while the pass is packed, what it was begun with
    private Tensor? headMask; // [head] or [layer, head]

    /// <summary>Gets the cache that the keys and values are appended to, or <see langword="null"/>.</summary>
    public KeyValueCache? Cache { get; private init; }

    /// <summary>Gets what the keys and values of the first positions are kept in, or <see langword="null"/> when nobody wants them.</summary>
    internal KeptKeys? Keeps { get; set; }

    /// <summary>Gets the keys and values of the positions before those of the pass, when it begins behind them, or <see langword="null"/>.</summary>
    internal KeptKeys? Before { get; private set; }

    /// <summary>Gets the attention weights so far, block by block, each [row, head, query, key]; <see langword="null"/> when they are not wanted.</summary>
    internal List<Tensor>? Weights { get; private init; }

    /// <summary>
    /// Gets the scores of the routers so far, block by block, each [row, position, expert]; <see langword="null"/> when they are not wanted, or where the pass
    /// does not hold whole rows.
    /// </summary>
    internal List<Tensor>? RouterScores { get; private set; }

    /// <summary>Keeps the scores of a block's router, one dispose scope out, where they are wanted.</summary>
    /// <param name="scores">[token, expert].</param>
    /// <param name="hidden">What the router scored: [row, position, dModel].</param>
    internal void AddRouterScores(Tensor scores, Tensor hidden) =>
        RouterScores?.Add(scores.view(hidden.shape[0], hidden.shape[1], scores.shape[1]).MoveToOuterDisposeScope());

    /// <summary>Returns the turns of the positions of this pass in the layers with a window.</summary>
    /// <param name="window">The window; <see langword="null"/> = none.</param>
    /// <exception cref="InvalidOperationException">The model has no rotary positions.</exception>
    internal Rotation RotationOf(long? window) =>
        rotations.Count == 1 ? rotations[0].Rotation
        : rotations.Find(item => item.Window == window).Rotation
            ?? throw new InvalidOperationException("The model that began this pass has no rotary positions.");

    /// <summary>Returns the keys and values that the positions of the pass see: those before it, then their own.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="keys">[row, key head, position, dHead].</param>
    /// <param name="values">[row, key head, position, dHead].</param>
    /// <param name="window">How many keys up to itself a query of the layer sees; <see langword="null"/> = all.</param>
    internal (Tensor Keys, Tensor Values) Seen(int layer, Tensor keys, Tensor values, long? window = null)
    {
        Keeps?.Keep(layer, keys, values);
        return Before?.Before(layer, keys, values) ?? Cache?.Append(layer, keys, values, window) ?? (keys, values);
    }

    /// <summary>Returns what the positions of the pass see where that is one tensor alone: of those before it, then of their own.</summary>
    /// <param name="layer">The layer, counted from 0, behind those of keys and values.</param>
    /// <param name="each">[row, head, position, width].</param>
    internal Tensor Seen(int layer, Tensor each) => Seen(layer, each, each.narrow(3, 0, 0)).Keys;

    /// <summary>Begins a pass of all positions anew behind those whose keys are kept; masks and turns stay those of the positions.</summary>
    /// <param name="before">The keys and values of the positions before.</param>
    /// <param name="hidden">The residual stream of all positions, [row, position, dModel]; masks are made on its device and in its dtype.</param>
    internal void BeginBehind(KeptKeys before, Tensor hidden)
    {
        (Before, RouterScores) = (before, null);
        for (var index = 0; index < masks.Count; index++)
        {
            masks[index] = masks[index] with { Mask = masks[index].Mask.Behind(before.Length, hidden) };
        }

        for (var index = 0; index < rotations.Count; index++)
        {
            rotations[index] = rotations[index] with { Rotation = rotations[index].Rotation.Behind(before.Length) };
        }
    }

    /// <summary>Prepares the attention of a decoder, in which a position sees no later one.</summary>
    /// <param name="inputs">The arguments of the forward pass.</param>
    /// <param name="hidden">The embeddings: [row, position, dModel]; masks and turns are made on their device and in their dtype.</param>
    /// <param name="rule">How the decoder blocks keys.</param>
    /// <param name="rotaries">The rotary positions: none, those of all layers, or those of the layers with each window.</param>
    /// <param name="experts">The experts of the blocks, or <see langword="null"/>.</param>
    /// <returns>The context; its tensors belong to the current dispose scope.</returns>
    internal static AttentionContext ForDecoder(
        ModelInputs inputs, Tensor hidden, CausalRule rule, IReadOnlyList<(long? Window, RotaryEmbedding Rotary)> rotaries, ExpertSettings? experts = null)
    {
        var cache = ModelState.Of<KeyValueCache>(inputs.Past) ?? (inputs.UseCache ? new KeyValueCache() : null);
        var past = cache?.Length ?? 0;
        var context = new AttentionContext
        {
            Cache = cache,
            Weights = inputs.OutputAttentions ? [] : null,
            headMask = inputs.HeadMask,
            RouterScores = inputs.OutputRouterLogits || experts is { ShowsScores: true } ? [] : null,
        };
        if (rotaries.Count > 0)
        {
            using var positions = inputs.PositionIds?.alias() ?? CountFrom(past, hidden);
            context.rotations.AddRange(rotaries.Select(item => (item.Window, item.Rotary.At(positions, hidden.dtype, cache))));
        }

        var causal = new CausalMask(inputs, hidden, past, rule);
        foreach (var window in rule.Windows)
        {
            context.masks.Add((window, causal.For(window)));
        }

        return context;
    }

    /// <summary>Prepares the attention of an encoder, in which every position sees every other one that is not blocked.</summary>
    /// <param name="inputs">The arguments of the forward pass.</param>
    /// <param name="hidden">The embeddings: [row, position, dModel]; turns are made on their device and in their dtype.</param>
    /// <param name="mask">Which positions are blocked.</param>
    /// <param name="rotary">The rotary positions, or <see langword="null"/>.</param>
    /// <returns>The context; its turns belong to the current dispose scope.</returns>
    internal static AttentionContext ForEncoder(ModelInputs inputs, Tensor hidden, AttentionMask mask, RotaryEmbedding? rotary = null)
    {
        var context = new AttentionContext { Weights = inputs.OutputAttentions ? [] : null, headMask = inputs.HeadMask };
        context.masks.Add((null, mask));
        if (rotary is not null)
        {
            using var positions = CountFrom(0, hidden); // [1, position]
            context.rotations.Add((null, rotary.At(positions, hidden.dtype)));
        }

        return context;
    }

    /// <summary>Prepares the attention of a decoder to what its encoder made, of which every position sees every one that is not blocked.</summary>
    /// <param name="inputs">The arguments of the forward pass.</param>
    /// <param name="memory">What the encoder made, or another tensor on its device and in its dtype.</param>
    /// <param name="cache">Where keys and values that were made of it are kept, or <see langword="null"/>.</param>
    /// <returns>The context; its mask belongs to the current dispose scope.</returns>
    internal static AttentionContext ForMemory(ModelInputs inputs, Tensor memory, KeyValueCache? cache)
    {
        var context = new AttentionContext
        {
            Cache = cache, Weights = inputs.OutputAttentions ? [] : null, headMask = inputs.CrossAttentionHeadMask,
        };
        context.masks.Add((null, inputs.AttentionMask is { } mask ? AttentionMask.OfKeys(mask, memory.dtype) : AttentionMask.Open));
        return context;
    }

    /// <summary>Returns the keys and values of what does not change from call to call: those that are kept, or new ones, which then are.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="make">Makes them, each [row, head, position, dHead].</param>
    internal (Tensor Keys, Tensor Values) Lasting(int layer, Func<(Tensor Keys, Tensor Values)> make)
    {
        if (Cache?.Of(layer) is { } kept) return kept;
        var (keys, values) = make();
        return Cache?.Append(layer, keys, values) ?? (keys, values);
    }

    /// <summary>Moves what was made for the pass to the scope around one, and returns this.</summary>
    internal AttentionContext HandOut(DisposeScope scope)
    {
        foreach (var (_, mask) in masks) mask.HandOut(scope);
        foreach (var (_, rotation) in rotations)
        {
            scope.HandOut(rotation.Cosines);
            scope.HandOut(rotation.SignedSines);
        }

        return this;
    }

    /// <summary>Returns the mask of the layers with a window.</summary>
    /// <param name="window">The window, one of the model's rule; <see langword="null"/> = all keys before the query.</param>
    internal AttentionMask MaskOf(long? window = null) => masks.Find(item => item.Window == window).Mask;

    /// <summary>Returns what the attention weights of a layer are multiplied with, [head, 1, 1], or <see langword="null"/>.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    internal Tensor? HeadMaskOf(int layer) => headMask is null ? null : (headMask.dim() == 1 ? headMask : headMask[layer]).view(-1, 1, 1); // [head, 1, 1]

    /// <summary>Replaces the rows of everything that has a row of its own.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    internal void SelectRows(Tensor rows)
    {
        for (var index = 0; index < masks.Count; index++)
        {
            masks[index] = masks[index] with { Mask = masks[index].Mask.SelectRows(rows) };
        }

        for (var index = 0; index < rotations.Count; index++)
        {
            rotations[index] = rotations[index] with { Rotation = rotations[index].Rotation.SelectRows(rows) };
        }

        Cache?.SelectRows(rows);
        for (var block = 0; block < Weights?.Count; block++)
        {
            Weights[block] = Weights[block].Rows(rows); // [new row, head, query, key]
        }

        for (var block = 0; block < RouterScores?.Count; block++)
        {
            RouterScores[block] = RouterScores[block].Rows(rows); // [new row, position, expert]
        }
    }

    /// <summary>Gets which tokens the pass holds while it is packed, else <see langword="null"/>.</summary>
    internal TokenLayout? Tokens { get; private set; }

    /// <summary>Makes masks and turns those of a packed pass.</summary>
    /// <param name="layout">The tokens.</param>
    internal void Pack(TokenLayout layout)
    {
        begun ??= ([.. masks.Select(item => item.Mask)], [.. rotations.Select(item => item.Rotation)]);
        (Tokens, RouterScores) = (layout, null);
        for (var index = 0; index < masks.Count; index++)
        {
            masks[index] = masks[index] with { Mask = begun.Value.Masks[index].SelectRows(layout.ContextRows) };
        }

        for (var index = 0; index < rotations.Count; index++)
        {
            if (rotations[index].Rotation is { } packed && !ReferenceEquals(packed, begun.Value.Rotations[index]))
            {
                packed.Cosines.Dispose();
                packed.SignedSines.Dispose();
            }

            rotations[index] = rotations[index] with { Rotation = begun.Value.Rotations[index].Pack(layout) };
        }
    }

    /// <summary>Ends the packing: nothing is attended any more.</summary>
    internal void Unpack() => Tokens = null;

    private static Tensor CountFrom(long past, Tensor hidden)
    {
        using var counted = arange(Scalars.Of(past), Scalars.Of(past + hidden.shape[1]), Scalars.Of(1), ScalarType.Int64, hidden.device); // [position]
        return counted.unsqueeze(0); // [1, position]
    }
}
