using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Builds the additive mask of a decoder, or finds that none is needed.</summary>
/// <remarks>
/// The values are those of transformers' eager attention: a padded key gets the most negative finite number, so that a row which sees padding only
/// spreads evenly over it; a key after the query is blocked for good, also then.
/// </remarks>
internal static class CausalMask
{
    /// <summary>Returns the mask for a forward pass.</summary>
    /// <param name="inputs">The arguments, checked by <see cref="DecoderInputs"/>.</param>
    /// <param name="hidden">The embeddings: [row, position, dModel]; the mask is made on their device and in their dtype.</param>
    /// <param name="past">The number of cached positions.</param>
    /// <returns>The mask [row or 1, head or 1, query, key]; without one, whether the plain causal rule applies or nothing is blocked.</returns>
    public static (Tensor? Mask, bool IsCausal) For(ModelInputs inputs, Tensor hidden, long past)
    {
        var queries = hidden.shape[1];
        if (inputs.AttentionMask is { } given)
        {
            if (given.dim() == 4)
            {
                return (AddCausal(given, hidden, queries, past), false);
            }

            if (HasPadding(given))
            {
                return (Padded(given, hidden, queries, past), false);
            }
        }
        else if (inputs.PositionIds is { } positions && past == 0 && inputs.Past is null && !inputs.UseCache && StartsAnew(positions, out var sequence))
        {
            return (Packed(sequence, hidden, queries), false);
        }

        return (queries == 1 || past == 0) ? (null, queries > 1) : (Additive(Later(hidden, queries, past), hidden), false);
    }

    /// <summary>Returns which keys come after a query: bool [query, key].</summary>
    private static Tensor Later(Tensor hidden, long queries, long past) => ones(queries, past + queries, ScalarType.Bool, hidden.device).triu(past + 1);

    private static Tensor Additive(Tensor blocked, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var mask = zeros(blocked.shape, hidden.dtype, hidden.device).masked_fill(blocked, double.NegativeInfinity);
        return (mask.dim() == 2 ? mask.unsqueeze(0).unsqueeze(0) : mask).MoveToOuterDisposeScope(); // [row or 1, 1, query, key]
    }

    private static Tensor Padded(Tensor given, Tensor hidden, long queries, long past)
    {
        using var scope = NewDisposeScope();
        var padding = given.eq(0).unsqueeze(1).unsqueeze(1); // [row, 1, 1, key]
        var mask = zeros([given.shape[0], 1, queries, past + queries], hidden.dtype, hidden.device).masked_fill(padding, finfo(hidden.dtype).min);
        var causal = queries == 1 ? mask : mask.masked_fill(Later(hidden, queries, past), double.NegativeInfinity); // [row, 1, query, key]
        return causal.MoveToOuterDisposeScope();
    }

    /// <summary>Adds the causal rule to a mask that is used as it is; where both block, the sum overflows to −∞, as in what this reproduces.</summary>
    private static Tensor AddCausal(Tensor given, Tensor hidden, long queries, long past)
    {
        using var scope = NewDisposeScope();
        var causal = zeros([queries, past + queries], hidden.dtype, hidden.device).masked_fill(Later(hidden, queries, past), finfo(hidden.dtype).min); // [query, key]
        return given.to(hidden.dtype).add(causal).MoveToOuterDisposeScope(); // [row or 1, head or 1, query, key]
    }

    /// <summary>Blocks, besides later keys, the keys of other sequences in a row that packs several.</summary>
    private static Tensor Packed(Tensor sequence, Tensor hidden, long queries)
    {
        using var scope = NewDisposeScope();
        var isOther = sequence.unsqueeze(2).ne(sequence.unsqueeze(1)); // [row, query, key]
        var blocked = isOther.logical_or(Later(hidden, queries, 0)).unsqueeze(1); // [row, 1, query, key]
        return Additive(blocked, hidden).MoveToOuterDisposeScope();
    }

    /// <summary>Numbers the runs of consecutive positions in each row, and returns whether any row has more than one.</summary>
    private static bool StartsAnew(Tensor positions, out Tensor sequence)
    {
        sequence = zeros_like(positions); // [row or 1, position]
        if (positions.shape[1] < 2 || positions.is_meta)
        {
            return false; // what a meta tensor holds is not known; the plain causal rule has the same shapes
        }

        using var scope = NewDisposeScope();
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
