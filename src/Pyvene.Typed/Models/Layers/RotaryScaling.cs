namespace Pyvene.Typed.Models.Layers;

/// <summary>Says how the frequencies of rotary positions are stretched for texts longer than those of training.</summary>
internal abstract record RotaryScaling
{
    private RotaryScaling()
    {
    }

    /// <summary>Leaves the frequencies as they are.</summary>
    public sealed record None : RotaryScaling;

    /// <summary>Divides all frequencies by a factor.</summary>
    public sealed record Linear(double Factor) : RotaryScaling;

    /// <summary>Raises the base as soon as a text is longer than those of training.</summary>
    public sealed record Dynamic(double Factor) : RotaryScaling;

    /// <summary>Divides low frequencies by a factor, keeps high ones, and blends those between (Llama 3.1).</summary>
    public sealed record ByWavelength(double Factor, double LowFactor, double HighFactor, double OriginalPositions) : RotaryScaling;
}
