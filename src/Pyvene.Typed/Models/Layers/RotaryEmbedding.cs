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

    public RotaryEmbedding(RotarySettings settings)
    {
        this.settings = settings;
        frequencies = settings.Scaling switch
        {
            RotaryScaling.Linear linear => [.. Frequencies(settings.Base).Select(frequency => frequency / (float)linear.Factor)],
            RotaryScaling.ByWavelength bands => [.. Frequencies(settings.Base).Select(frequency => Stretch(frequency, bands))],
            _ => Frequencies(settings.Base),
        };
    }

    /// <summary>Returns the turns of positions; its tensors belong to the current dispose scope.</summary>
    /// <param name="positions">int64 [row or 1, position].</param>
    /// <param name="dtype">
    /// The dtype of queries and keys; the turns are computed in float32 and rounded to it, unless the architecture turns in float32.
    /// </param>
    /// <param name="goesOn">Whether keys of earlier positions are kept, turned as their text needed it.</param>
    /// <exception cref="ArgumentException">The frequencies depend on the length of the text, and the kept keys have those of a shorter one.</exception>
    public Rotation At(Tensor positions, ScalarType dtype, bool goesOn = false)
    {
        using var scope = NewDisposeScope();
        dtype = settings.TurnsInFloat32 && dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : dtype;
        // [row or 1, position, pair]
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1).mul(tensor(FrequenciesFor(positions, goesOn), device: positions.device));
        var (cosine, sine) = (angles.cos(), angles.sin());
        // Each pair of features (i, i + pairs) is turned; the sign of the sine does what negating a half would.
        var cosines = cat([cosine, cosine], -1).unsqueeze(2).to(dtype); // [row or 1, position, 1, width]
        var signedSines = cat([sine.neg(), sine], -1).unsqueeze(2).to(dtype); // [row or 1, position, 1, width]
        return new Rotation(cosines.MoveToOuterDisposeScope(), signedSines.MoveToOuterDisposeScope());
    }

    private float[] FrequenciesFor(Tensor positions, bool goesOn)
    {
        if (settings.Scaling is not RotaryScaling.Dynamic { Factor: var factor } || positions.is_meta)
        {
            return frequencies;
        }

        using var last = positions.max();
        var length = last.ToInt64() + 1;
        if (goesOn && length > settings.PositionCount)
        {
            throw new ArgumentException(
                $"The model stretches its rotary positions by the length of a text beyond {settings.PositionCount} tokens ('dynamic'). This one has {length}, "
                    + "and the keys that are kept were turned for a shorter one, so the numbers would be wrong. Run it without a cache, UseCache = false.",
                nameof(ModelInputs.Past));
        }

        return length <= settings.PositionCount
            ? frequencies
            : Frequencies(settings.Base * Math.Pow((factor * length / settings.PositionCount) - (factor - 1), settings.Width / (settings.Width - 2.0)));
    }

    private float[] Frequencies(double @base)
    {
        using var scope = NewDisposeScope();
        var exponents = arange(Scalars.Of(0), Scalars.Of(settings.Width), Scalars.Of(2), ScalarType.Int64, CPU)
            .to(ScalarType.Float32)
            .div(Scalars.Of(settings.Width)); // [pair]
        return pow((float)@base, exponents).reciprocal().data<float>().ToArray();
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
