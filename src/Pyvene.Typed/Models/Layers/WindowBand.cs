using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Is the causal rule with or without a window, and the padding: makes the mask of some of a pass's queries over the keys that any of them sees. A window over
/// many positions sees a
/// narrow band of them, so its mask is never made as a whole unless somebody looks at the weights.
/// </summary>
/// <param name="Padding">The mask of the tokens, 0 = padding: [row, cached + position]; <see langword="null"/> = no padding. It stays the caller's.</param>
/// <param name="Window">How many keys up to itself a query sees; <see langword="null"/> = all.</param>
/// <param name="Past">The number of cached positions.</param>
/// <param name="Queries">The number of positions of the pass.</param>
/// <param name="BlocksForGood">Whether a blind query spreads over no key behind it.</param>
/// <param name="Dtype">The dtype of the model.</param>
/// <param name="Device">The device of the model.</param>
internal sealed record WindowBand(Tensor? Padding, long? Window, long Past, long Queries, bool BlocksForGood, ScalarType Dtype, Device Device)
{
    private const long LeastPart = 64; // queries; less would be many small products

    /// <summary>
    /// Gets what is added to the scores of the keys that are seen, [row or 1, head, 1 or query, cached + position]; <see langword="null"/> = nothing.
    /// </summary>
    public Tensor? Bias { get; init; }

    /// <summary>Gets how many cached keys the layer's cache hands out.</summary>
    public long Kept => KeyValueCache.Kept(Past, Window);

    /// <summary>Gets how many queries a part has.</summary>
    public long PartLength => Math.Max(LeastPart, Window ?? Queries);

    /// <summary>Gets whether the mask is a band that is narrow enough to be made part by part.</summary>
    public bool IsNarrow => Window is not null && Queries > 2 * PartLength;

    /// <summary>Returns the first of the keys that are handed out, and their number, that a part of the queries sees.</summary>
    /// <param name="first">The first query.</param>
    /// <param name="count">How many queries.</param>
    public (long First, long Count) KeysOf(long first, long count)
    {
        var start = Window is { } width ? Math.Max(0, Kept + first - (width - 1)) : 0;
        return (start, Kept + first + count - start);
    }

    /// <summary>Returns the mask of a part of the queries over the keys of <see cref="KeysOf"/>; its tensors belong to the current dispose scope.</summary>
    /// <param name="first">The first query.</param>
    /// <param name="count">How many queries.</param>
    public AttentionMask Part(long first, long count)
    {
        using var scope = NewDisposeScope();
        var keys = KeysOf(first, count);
        var unseen = Unseen(first, count, keys).unsqueeze(0).unsqueeze(0); // [1, 1, query, key]
        var ofQueries = Bias is { } all && all.shape[2] > 1 ? all.narrow(2, first, count) : Bias; // [row or 1, head, 1 or query, cached + position]
        var bias = ofQueries?.narrow(3, Past - Kept + keys.First, keys.Count); // [row or 1, head, 1 or query, key]
        if (Padding is null)
        {
            return AttentionMask.Of(unseen, null, bias, Dtype).HandOut(scope);
        }

        var padding = Padding.narrow(1, Past - Kept + keys.First, keys.Count).eq(Scalars.Of(0)).unsqueeze(1).unsqueeze(1); // [row, 1, 1, key]
        return AttentionMask.Of(padding.bitwise_or(unseen), BlocksForGood ? unseen : null, bias, Dtype).HandOut(scope);
    }

    /// <summary>Returns the mask of all queries over all keys that are handed out; its tensors belong to the current dispose scope.</summary>
    public AttentionMask Whole() => Part(0, Queries);

    /// <summary>Returns which of the keys that are handed out come after a query or lie before its window: bool [query, key].</summary>
    public Tensor Unseen() => Unseen(0, Queries, KeysOf(0, Queries));

    /// <summary>Returns the band of a batch whose rows are a selection of this one's.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new row].</param>
    public WindowBand SelectRows(Tensor rows) => this with
    {
        Padding = Padding?.Rows(rows),
        Bias = Bias is null || Bias.shape[0] == 1 ? Bias : Bias.Rows(rows),
    };

    private Tensor Unseen(long first, long count, (long First, long Count) keys)
    {
        var own = Kept + first - keys.First; // the key of the first query itself
        var all = ones(count, keys.Count, ScalarType.Bool, Device); // [query, key]
        var later = all.triu(own + 1);
        return Window is { } width ? later.bitwise_or(all.tril(own - width)) : later;
    }
}
