using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Builds the mask of a decoder, or finds that none is needed. The values are those of transformers' eager attention.</summary>
internal sealed class CausalMask
{
    private readonly ModelInputs inputs;
    private readonly ScalarType dtype;
    private readonly Device device;
    private readonly long queries;
    private readonly long past;
    private readonly double most;
    private readonly bool addsToGiven;
    private readonly bool hasPadding;

    /// <summary>Prepares the masks of a forward pass.</summary>
    /// <param name="inputs">The arguments, checked by <see cref="InputCheck"/>.</param>
    /// <param name="hidden">The embeddings: [row, position, dModel]; masks are made on their device and in their dtype.</param>
    /// <param name="past">The number of cached positions.</param>
    /// <param name="rule">How the decoder blocks keys.</param>
    public CausalMask(ModelInputs inputs, Tensor hidden, long past, CausalRule rule)
    {
        (this.inputs, dtype, device, queries, this.past) = (inputs, hidden.dtype, hidden.device, hidden.shape[1], past);
        most = rule.BlocksForGood ? double.NegativeInfinity : finfo(dtype).min;
        addsToGiven = rule.BlocksForGood;
        hasPadding = inputs.AttentionMask is { } given && given.dim() == 2 && HasPadding(given);
    }

    /// <summary>Returns the mask of the layers with a window.</summary>
    /// <param name="window">How many keys up to itself a query sees, or <see langword="null"/> = all.</param>
    /// <returns>The mask over the keys that the cache keeps for this window; its tensor belongs to the current dispose scope.</returns>
    public AttentionMask For(long? window)
    {
        using var scope = NewDisposeScope();
        var effective = window < past + queries ? window : null;
        var mask = Build(effective);
        if (mask.Added is not { } added)
        {
            return mask;
        }

        var kept = KeyValueCache.Kept(past, effective); // of the cached keys, those that some query of this pass can see
        // Copied, because CUDA's attention reads a mask in blocks from an aligned address.
        return mask with { Added = scope.HandOut(kept == past ? added : added.narrow(-1, past - kept, kept + queries).contiguous()) };
    }

    private AttentionMask Build(long? window)
    {
        if (inputs.AttentionMask is { } given && given.dim() == 4)
        {
            return new AttentionMask(addsToGiven ? AddCausal(given) : given.to(dtype).alias(), false); // [row or 1, head or 1, query, key]
        }

        if (hasPadding)
        {
            return new AttentionMask(Padded(inputs.AttentionMask!, window), false);
        }

        if (inputs.AttentionMask is null && inputs.PositionIds is { } positions && past == 0 && inputs.Past is null && !inputs.UseCache && StartsAnew(positions, out var sequence))
        {
            var isOther = sequence.unsqueeze(2).ne(sequence.unsqueeze(1)); // [row, query, key]
            return new AttentionMask(Additive(isOther.bitwise_or(Unseen(window)).unsqueeze(1)), false); // [row, 1, query, key]
        }

        if (queries == 1 || (past == 0 && window is null))
        {
            return new AttentionMask(null, queries > 1); // a single query sees every key that is kept
        }

        return new AttentionMask(Additive(Unseen(window).unsqueeze(0).unsqueeze(0)), false); // [1, 1, query, key]
    }

    /// <summary>Returns which keys come after a query or lie before its window: bool [query, key].</summary>
    private Tensor Unseen(long? window)
    {
        var all = ones(queries, past + queries, ScalarType.Bool, device); // [query, key]
        var later = all.triu(past + 1);
        return window is { } width ? later.bitwise_or(all.tril(past - width)) : later;
    }

    private Tensor Additive(Tensor blocked) => zeros(blocked.shape, dtype, device).masked_fill(blocked, double.NegativeInfinity);

    private Tensor Padded(Tensor given, long? window)
    {
        var padding = given.eq(0).unsqueeze(1).unsqueeze(1); // [row, 1, 1, key]
        var mask = zeros([given.shape[0], 1, queries, past + queries], dtype, device).masked_fill(padding, finfo(dtype).min);
        return queries == 1 && window is null ? mask : mask.masked_fill(Unseen(window), most); // [row, 1, query, key]
    }

    /// <summary>Adds the causal rule to a mask that is used as it is; where both block, the sum overflows to −∞, as it does in the model that this reproduces.</summary>
    private Tensor AddCausal(Tensor given)
    {
        var causal = zeros([queries, past + queries], dtype, device).masked_fill(Unseen(null), finfo(dtype).min); // [query, key]
        return given.to(dtype).add(causal); // [row or 1, head or 1, query, key]
    }

    /// <summary>Numbers the runs of consecutive positions in each row, and returns whether any row has more than one.</summary>
    private static bool StartsAnew(Tensor positions, out Tensor sequence)
    {
        sequence = zeros_like(positions); // [row or 1, position]
        if (positions.shape[1] < 2 || positions.is_meta)
        {
            return false; // what a meta tensor holds is not known; the plain causal rule has the same shapes
        }

        var jumps = positions.narrow(1, 1, positions.shape[1] - 1).sub(positions.narrow(1, 0, positions.shape[1] - 1)).ne(1); // [row or 1, position - 1]
        if (!jumps.any().ToBoolean())
        {
            return false;
        }

        sequence.narrow(1, 1, positions.shape[1] - 1).copy_(jumps.cumsum(1)); // [row or 1, position - 1]
        return true;
    }

    private static bool HasPadding(Tensor given)
    {
        if (given.is_meta)
        {
            return true; // what it holds is not known; a mask is right in both cases
        }

        using var scope = NewDisposeScope();
        return given.eq(0).any().ToBoolean();
    }
}
