using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Keeps the tokens whose probability is at least a fraction of the best token's probability.</summary>
/// <remarks>Reproduces <c>MinPLogitsWarper</c> of transformers 4.57.6.</remarks>
/// <param name="fraction">The fraction, 0 to 1.</param>
/// <param name="atLeast">How many tokens are kept whatever their probability, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
internal sealed class MinPProcessor(double fraction, int atLeast = 1) : LogitsProcessor
{
    private readonly double fraction = SettingCheck.Fraction(fraction, nameof(fraction));
    private readonly int atLeast = SettingCheck.AtLeast(atLeast, 1, nameof(atLeast));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores)
    {
        var probabilities = scores.softmax(1); // [row, vocab]
        var (best, _) = probabilities.max(1, keepdim: true); // [row, 1]
        var order = scores.argsort(1, descending: true); // [row, vocab]
        var removed = probabilities.lt(best * Scalars.Of(fraction)).gather(1, order); // [row, vocab], best first
        return scores.Without(removed.KeepFirst(atLeast).Unsorted(order));
    }
}
