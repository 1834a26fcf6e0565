using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Builds the mask of a decoder, or finds that none is needed. The values are those of transformers' eager attention in float32.</summary>
internal sealed class CausalMask
{
    private readonly ModelInputs inputs;
    private readonly ScalarType dtype;
    private readonly Device device;
    private readonly long queries;
    private readonly long past;
    private readonly CausalRule rule;
    private readonly bool hasPadding;
    private readonly Tensor? bias; // [row or 1, head, 1 or query, key]

    /// <summary>Prepares the masks of a forward pass.</summary>
    /// <param name="inputs">The arguments, checked by <see cref="InputCheck"/>.</param>
    /// <param name="hidden">The embeddings: [row, position, dModel]; masks are made on their device and in their dtype.</param>
    /// <param name="past">The number of cached positions.</param>
    /// <param name="rule">How the decoder blocks keys.</param>
    public CausalMask(ModelInputs inputs, Tensor hidden, long past, CausalRule rule)
    {
        (this.inputs, dtype, device, queries, this.past, this.rule) = (inputs, hidden.dtype, hidden.device, hidden.shape[1], past, rule);
        hasPadding = inputs.AttentionMask is { } given && given.dim() == 2 && HasPadding(given);
        bias = rule.Biases?.At(inputs, hidden, past);
    }

    /// <summary>Returns the mask of the layers with a window.</summary>
    /// <param name="window">How many keys up to itself a query sees, or <see langword="null"/> = all.</param>
    /// <returns>The mask over the keys that the cache keeps for this window; its tensors belong to the current dispose scope.</returns>
    /// <exception cref="ArgumentException">A given mask lets a query see keys that the cache of a layer with a window no longer has.</exception>
    public AttentionMask For(long? window)
    {
        var band = new WindowBand(
            hasPadding ? inputs.AttentionMask : null, window < past + queries ? window : null, past, queries, rule.BlocksForGood, dtype, device)
        {
            Bias = bias,
        };
        if (inputs.AttentionMask is { } given && given.dim() == 4)
        {
            return ForPairs(given, band);
        }

        if (bias is null && !hasPadding && inputs.AttentionMask is null && inputs.PositionIds is { } positions && past == 0 && inputs.Past is null
            && !inputs.UseCache && StartsAnew(positions, out var sequence))
        {
            using var scope = NewDisposeScope();
            var isOther = sequence.unsqueeze(2).ne(sequence.unsqueeze(1)); // [row, query, key]
            var blocked = isOther.bitwise_or(band.Unseen()).unsqueeze(1); // [row, 1, query, key]
            return AttentionMask.Of(blocked, null, null, dtype).HandOut(scope);
        }

        if (bias is null && !hasPadding && (queries == 1 || (past == 0 && band.Window is null)))
        {
            return new AttentionMask(null, queries > 1); // a single query sees every key that is kept
        }

        return band.IsNarrow ? AttentionMask.Open with { Band = band } : band.Whole();
    }

    /// <summary>Returns a mask that the caller gave for every query and key: true = seen, or what is added to the scores.</summary>
    private AttentionMask ForPairs(Tensor given, WindowBand band)
    {
        using var scope = NewDisposeScope();
        var isBool = given.dtype == ScalarType.Bool;
        // [row or 1, head or 1, query, key]
        var blocked = isBool ? given.bitwise_not() : given.le(Scalars.Of(Math.Max(finfo(dtype).min, finfo(given.dtype).min) / 2));
        if (past > band.Kept && !blocked.is_meta && !blocked.narrow(3, 0, past - band.Kept).all().IsTrue())
        {
            throw new ArgumentException(
                $"AttentionMask lets a query see keys before the last {band.Kept} cached ones, which layers with a window of {band.Window} no longer keep. "
                    + "Block them, or run without a cache.",
                nameof(inputs));
        }

        blocked = Own(blocked);
        var cut = isBool ? null : Own(given).eq(Scalars.Of(double.NegativeInfinity));
        if (rule.BlocksForGood)
        {
            var later = band.Unseen(); // [query, key]
            var both = blocked.bitwise_and(later);
            (cut, blocked) = (cut?.bitwise_or(both) ?? both, blocked.bitwise_or(later));
        }

        var added = isBool ? null : Own(given);
        var mask = AttentionMask.Of(blocked, cut, bias is null ? added : added?.add(bias, Scalars.Of(1)) ?? bias, dtype);
        return mask.HandOut(scope);

        Tensor Own(Tensor all) => all.narrow(3, past - band.Kept, band.Kept + queries);
    }

    /// <summary>Numbers the runs of consecutive positions in each row, and returns whether any row has more than one.</summary>
    private static bool StartsAnew(Tensor positions, out Tensor sequence)
    {
        sequence = zeros_like(positions); // [row or 1, position]
        if (positions.shape[1] < 2 || positions.is_meta)
        {
            return false; // what a meta tensor holds is not known; the plain causal rule has the same shapes
        }

        // [row or 1, position - 1]
        var jumps = positions.narrow(1, 1, positions.shape[1] - 1).sub(positions.narrow(1, 0, positions.shape[1] - 1)).ne(Scalars.Of(1));
        if (!jumps.any().IsTrue())
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
        return given.eq(Scalars.Of(0)).any().IsTrue();
    }
}
