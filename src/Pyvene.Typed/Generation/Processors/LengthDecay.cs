namespace Pyvene.Typed.Generation.Processors;

/// <summary>Says from where on, and how fast, the end of a text becomes more likely. Immutable.</summary>
public sealed record LengthDecay
{
    /// <summary>Initialises the decay.</summary>
    /// <param name="start">After how many generated tokens it sets in, at least 0.</param>
    /// <param name="factor">The factor of one more token, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public LengthDecay(int start, double factor)
    {
        Start = SettingCheck.AtLeast(start, 0, nameof(start));
        Factor = SettingCheck.Positive(factor, setting: nameof(factor));
    }

    /// <summary>Gets after how many generated tokens it sets in.</summary>
    public int Start { get; }

    /// <summary>Gets the factor of one more token.</summary>
    public double Factor { get; }
}
