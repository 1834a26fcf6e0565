namespace Pyvene.Typed.Models.Layers;

/// <summary>Says how rotary positions turn queries and keys.</summary>
/// <param name="Width">How many features of a head are turned; an odd number turns one more.</param>
/// <param name="Base">The base of the frequencies (<c>rope_theta</c>).</param>
/// <param name="PositionCount">The number of positions that the model was trained on.</param>
/// <param name="Scaling">How the frequencies are stretched for longer texts.</param>
internal sealed record RotarySettings(long Width, double Base, long PositionCount, RotaryScaling Scaling)
{
    /// <summary>Gets whether models of a narrow dtype turn in float32 and round the result only.</summary>
    public bool TurnsInFloat32 { get; init; }
}
