// Reproduces transformers 4.57.6, modeling_rope_utils.py, in float32 as there.
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Computes the turns of rotary positions. Source: Su et al., RoFormer, 2021.</summary>
/// <remarks>The frequencies are no buffer: converting a model to a narrow dtype must not round them.</remarks>
internal sealed class RotaryEmbedding
{
    private readonly RotarySettings settings;
    private readonly float[] frequencies; // [pair]
    private readonly float[]? longFrequencies; // [pair], of texts longer than those of training

    public RotaryEmbedding(RotarySettings settings)
    {
        this.settings = settings;
        var powers = Powers(settings.Base);
        frequencies = settings.Scaling switch
        {
            RotaryScaling.Linear linear => [.. powers.Select(power => 1 / power / (float)linear.Factor)],
            RotaryScaling.ByWavelength bands => [.. powers.Select(power => Stretch(1 / power, bands))],
            RotaryScaling.ByTurns turns => Blend(powers, turns),
            RotaryScaling.ByLength lengths => Divided(powers, lengths.Short),
            _ => [.. powers.Select(power => 1 / power)],
        };
        longFrequencies = settings.Scaling is RotaryScaling.ByLength { Long: var factors } ? Divided(powers, factors) : null;
    }

    /// <summary>Returns the turns of positions; its tensors belong to the current dispose scope.</summary>
    /// <param name="positions">int64 [row or 1, position].</param>
    /// <param name="dtype">
    /// The dtype of queries and keys; the turns are computed in float32 and rounded to it, unless the architecture turns in float32.
    /// </param>
    /// <param name="cache">Where keys of earlier positions are kept, turned as their text needed it, and those of these positions will be.</param>
    /// <exception cref="ArgumentException">The frequencies depend on the length of the text, and the kept keys have those of a shorter one.</exception>
    public Rotation At(Tensor positions, ScalarType dtype, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        dtype = settings.TurnsInFloat32 && dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : dtype;
        // [row or 1, position, pair]
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1).mul(tensor(FrequenciesFor(positions, cache), device: positions.device));
        var (cosine, sine) = (Amplified(angles.cos()), Amplified(angles.sin()));
        // Each pair of features (i, i + pairs) is turned; the sign of the sine does what negating a half would.
        var cosines = cat([cosine, cosine], -1).unsqueeze(2).to(dtype); // [row or 1, position, 1, width]
        var signedSines = cat([sine.neg(), sine], -1).unsqueeze(2).to(dtype); // [row or 1, position, 1, width]
        return new Rotation(cosines.MoveToOuterDisposeScope(), signedSines.MoveToOuterDisposeScope());
    }

    private Tensor Amplified(Tensor turns) => settings.Scaling.Amplitude == 1 ? turns : turns.mul_(Scalars.Of(settings.Scaling.Amplitude));

    private float[] FrequenciesFor(Tensor positions, KeyValueCache? cache)
    {
        (string Kind, long Bound)? stretched = settings.Scaling switch
        {
            RotaryScaling.Dynamic => ("dynamic", settings.PositionCount),
            RotaryScaling.ByLength lengths => ("longrope", lengths.OriginalPositions),
            _ => null,
        };
        if (stretched is not { Kind: var kind, Bound: var bound } || positions.is_meta)
        {
            return frequencies;
        }

        using var last = positions.max();
        var length = last.Whole() + 1;
        var isRight = length <= bound || cache is not { Length: > 0 } || (longFrequencies is not null && cache.TurnedLength > bound);
        if (!isRight)
        {
            throw new ArgumentException(
                $"The model stretches its rotary positions by the length of a text beyond {bound} tokens ('{kind}'). This one has {length}, "
                    + "and the keys that are kept were turned for a shorter one, so the numbers would be wrong. Run it without a cache, UseCache = false.",
                nameof(ModelInputs.Past));
        }

        cache?.TurnedLength = length;
        return length <= bound ? frequencies
            : longFrequencies ?? [.. Powers(BaseOf(length)).Select(power => 1 / power)];
    }

    // Of dynamic scaling.
    private double BaseOf(long length)
    {
        var factor = ((RotaryScaling.Dynamic)settings.Scaling).Factor;
        return settings.Base * Math.Pow((factor * length / settings.PositionCount) - (factor - 1), settings.Width / (settings.Width - 2.0));
    }

    /// <summary>Returns the powers of a base that frequencies are one over: [pair].</summary>
    private float[] Powers(double @base)
    {
        using var scope = NewDisposeScope();
        var exponents = arange(Scalars.Of(0), Scalars.Of(settings.Width), Scalars.Of(2), ScalarType.Int64, CPU)
            .to(ScalarType.Float32)
            .div(Scalars.Of(settings.Width)); // [pair]
        return pow((float)@base, exponents).data<float>().ToArray();
    }

    private static float[] Divided(float[] powers, IReadOnlyList<double> factors) => [.. powers.Select((power, pair) => 1 / ((float)factors[pair] * power))];

    private float[] Blend(float[] powers, RotaryScaling.ByTurns turns)
    {
        var (low, high) = (PairOf(turns.Fast), PairOf(turns.Slow));
        (low, high) = turns.RoundsBounds ? (Math.Floor(low), Math.Ceiling(high)) : (low, high);
        (low, high) = (Math.Max(low, 0), Math.Min(high, settings.Width - 1));
        high = low == high ? high + 0.001 : high; // else a division by 0 below
        return [.. powers.Select((power, pair) =>
        {
            var kept = 1 - Math.Clamp((pair - (float)low) / (float)(high - low), 0f, 1f);
            return (1 / ((float)turns.Factor * power) * (1 - kept)) + (1 / power * kept);
        })];

        // The pair that turns so many times in a text of training.
        double PairOf(double count) =>
            settings.Width * Math.Log(turns.OriginalPositions / (count * 2 * Math.PI)) / (2 * Math.Log(settings.Base));
    }

    private static float Stretch(float frequency, RotaryScaling.ByWavelength bands)
    {
        var wavelength = 2 * Math.PI / frequency;
        if (wavelength < bands.OriginalPositions / bands.HighFactor)
        {
            return frequency;
        }

        if (wavelength > bands.OriginalPositions / bands.LowFactor)
        {
            return frequency / (float)bands.Factor;
        }

        var kept = (bands.OriginalPositions / wavelength - bands.LowFactor) / (bands.HighFactor - bands.LowFactor); // 0 to 1
        return (float)(((1 - kept) * frequency / bands.Factor) + (kept * frequency));
    }
}
