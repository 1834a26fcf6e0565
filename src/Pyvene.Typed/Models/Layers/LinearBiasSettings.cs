using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Says how scores fall with distance (ALiBi).</summary>
/// <param name="HeadCount">The number of heads, each of which has its slope.</param>
internal sealed record LinearBiasSettings(long HeadCount)
{
    /// <summary>Gets whether padding counts as a position; else only real tokens do.</summary>
    public bool CountsPadding { get; init; }

    /// <summary>Gets what the biases are multiplied with before they are added to the scaled scores.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Gets the dtype that slopes and biases are rounded to whatever the model's; <see langword="null"/> = none.</summary>
    public ScalarType? Rounding { get; init; }
}
