using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Says how the frequencies of rotary positions are stretched for texts longer than those of training.</summary>
internal abstract record RotaryScaling
{
    private RotaryScaling()
    {
    }

    /// <summary>Gets what cosines and sines are multiplied with.</summary>
    public double Amplitude { get; init; } = 1;

    /// <summary>Tells what cosines and sines are multiplied with, where they are.</summary>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        if (Amplitude != 1)
        {
            builder.Append(CultureInfo.InvariantCulture, $"Amplitude = {Amplitude}");
        }

        return Amplitude != 1;
    }

    /// <summary>Leaves the frequencies as they are.</summary>
    public sealed record None : RotaryScaling;

    /// <summary>Divides all frequencies by a factor.</summary>
    public sealed record Linear(double Factor) : RotaryScaling;

    /// <summary>Raises the base as soon as a text is longer than those of training.</summary>
    public sealed record Dynamic(double Factor) : RotaryScaling;

    /// <summary>Divides low frequencies by a factor, keeps high ones, and blends those between (Llama 3.1).</summary>
    public sealed record ByWavelength(double Factor, double LowFactor, double HighFactor, double OriginalPositions) : RotaryScaling;

    /// <summary>
    /// Divides by a factor the frequencies that turn less often than <c>Slow</c> times in a text of training, keeps those that turn more often than
    /// <c>Fast</c> times, and blends those between (YaRN). Source: Peng et al., YaRN: Efficient Context Window Extension of Large Language Models, 2023.
    /// </summary>
    public sealed record ByTurns(double Factor, double Fast, double Slow, double OriginalPositions, bool RoundsBounds) : RotaryScaling;

    /// <summary>
    /// Divides each frequency by a factor of its own: by one list up to the length of training, by another beyond it (LongRoPE). Source: Ding et al.,
    /// LongRoPE: Extending LLM Context Window Beyond 2 Million Tokens, 2024.
    /// </summary>
    public sealed record ByLength(IReadOnlyList<double> Short, IReadOnlyList<double> Long, long OriginalPositions) : RotaryScaling
    {
        /// <inheritdoc/>
        public bool Equals(ByLength? other) =>
            base.Equals(other) && OriginalPositions == other.OriginalPositions && Short.SequenceEqual(other.Short) && Long.SequenceEqual(other.Long);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), OriginalPositions, Short.Count, Long.Count);
    }
}
