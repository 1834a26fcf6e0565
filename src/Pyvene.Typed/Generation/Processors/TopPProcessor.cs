using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Keeps the smallest set of most likely tokens whose probabilities add up to a mass (nucleus sampling, Holtzman et al. 2020).</summary>
/// <remarks>Reproduces <c>TopPLogitsWarper</c> of transformers 4.57.6.</remarks>
/// <param name="mass">The mass, 0 to 1.</param>
/// <param name="atLeast">How many tokens are kept whatever their mass, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
internal sealed class TopPProcessor(double mass, int atLeast = 1) : LogitsProcessor
{
    private readonly double mass = SettingCheck.Fraction(mass, nameof(mass));
    private readonly int atLeast = SettingCheck.AtLeast(atLeast, 1, nameof(atLeast));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores)
    {
        var (ascending, order) = scores.sort(1); // [row, vocab]
        var massBelow = ascending.softmax(1).cumsum(1); // [row, vocab]
        return scores.Without(massBelow.le(Scalars.Of(1 - mass)).KeepLast(atLeast).Unsorted(order));
    }
}
