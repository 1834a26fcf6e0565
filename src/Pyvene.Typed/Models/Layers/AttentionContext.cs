using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Holds what the attention of every block of one forward pass shares: the mask, the cache, and whether the weights are wanted.</summary>
/// <remarks>Its tensors belong to the dispose scope that the pass was begun in.</remarks>
public sealed class AttentionContext
{
    /// <summary>Gets the additive mask [row or 1, head or 1, query, key]; without one, <see cref="IsCausal"/> says what is blocked.</summary>
    public Tensor? Mask { get; private set; }

    /// <summary>Gets whether each position sees itself and the ones before it, as many queries as keys; then there is no mask.</summary>
    public bool IsCausal { get; private init; }

    /// <summary>Gets the cache that the keys and values are appended to, or <see langword="null"/>.</summary>
    public KeyValueCache? Cache { get; private init; }

    /// <summary>Gets the attention weights so far, block by block, each [row, head, query, key]; <see langword="null"/> when they are not wanted.</summary>
    internal List<Tensor>? Weights { get; private init; }

    /// <summary>Prepares the attention of a decoder, in which a position sees no later one.</summary>
    /// <param name="inputs">The arguments of the forward pass.</param>
    /// <param name="hidden">The embeddings: [row, position, dModel]; mask and cache are made on their device and in their dtype.</param>
    /// <param name="scope">The current dispose scope; the mask is handed out of it.</param>
    internal static AttentionContext ForDecoder(ModelInputs inputs, Tensor hidden, DisposeScope scope)
    {
        var cache = inputs.Past ?? (inputs.UseCache ? new KeyValueCache() : null);
        var (mask, isCausal) = CausalMask.For(inputs, hidden, cache?.Length ?? 0);
        if (mask is not null)
        {
            scope.HandOut(mask);
        }

        return new AttentionContext { Mask = mask, IsCausal = isCausal, Cache = cache, Weights = inputs.OutputAttentions ? [] : null };
    }

    /// <summary>Replaces the rows of everything that has a row of its own.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    internal void SelectRows(Tensor rows)
    {
        Mask = Mask is null || Mask.shape[0] == 1 ? Mask : Mask.Rows(rows); // [new row, head or 1, query, key]
        Cache?.SelectRows(rows);
        for (var block = 0; block < Weights?.Count; block++)
        {
            Weights[block] = Weights[block].Rows(rows); // [new row, head, query, key]
        }
    }
}
