using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Keeps the tokens whose surprise is nearest to the expected surprise, until their probabilities add up to a mass (Meister et al. 2022).</summary>
/// <remarks>Reproduces <c>TypicalLogitsWarper</c> of transformers 4.57.6.</remarks>
/// <param name="mass">The mass, strictly between 0 and 1.</param>
/// <param name="atLeast">How many tokens are kept whatever their mass, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
internal sealed class TypicalPProcessor(double mass, int atLeast = 1) : LogitsProcessor
{
    private readonly double mass = SettingCheck.OpenFraction(mass, nameof(mass));
    private readonly int atLeast = SettingCheck.AtLeast(atLeast, 1, nameof(atLeast));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores)
    {
        var logProbabilities = scores.log_softmax(1); // [row, vocab]
        var expected = logProbabilities * logProbabilities.exp(); // [row, vocab]
        // A forbidden token gives -inf * 0 = NaN here, and adds nothing.
        var entropy = expected.masked_fill(expected.isnan(), Scalars.Of(0.0)).sum(1, keepdim: true).neg(); // [row, 1]
        var (distance, order) = (logProbabilities.neg() - entropy).abs().sort(1); // [row, vocab], most typical first
        var massSoFar = scores.gather(1, order).softmax(1).cumsum(1); // [row, vocab]
        var last = massSoFar.lt(Scalars.Of(mass)).sum(1, keepdim: true).clamp(max: Scalars.Of(scores.shape[1] - 1)); // [row, 1]
        return scores.Without(distance.gt(distance.gather(1, last)).KeepFirst(atLeast).Unsorted(order));
    }
}
