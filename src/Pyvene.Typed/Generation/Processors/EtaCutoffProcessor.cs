using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Keeps the tokens whose probability is at least a bound that falls with the entropy of the row (eta sampling, Hewitt et al. 2022).</summary>
/// <remarks>Reproduces <c>EtaLogitsWarper</c> of transformers 4.57.6.</remarks>
/// <param name="epsilon">The bound's largest value, strictly between 0 and 1.</param>
/// <param name="atLeast">How many of the best tokens are kept whatever their probability, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
internal sealed class EtaCutoffProcessor(double epsilon, int atLeast = 1) : LogitsProcessor
{
    private readonly double epsilon = SettingCheck.OpenFraction(epsilon, nameof(epsilon));
    private readonly int atLeast = SettingCheck.AtLeast(atLeast, 1, nameof(atLeast));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores)
    {
        var probabilities = scores.softmax(1); // [row, vocab]
        // A forbidden token's -inf becomes the smallest finite number, so that its share of the entropy is 0 and not NaN.
        var logProbabilities = (scores - scores.logsumexp(1, keepdim: true)).nan_to_num(double.NaN); // [row, vocab]
        var entropy = (logProbabilities * probabilities).sum(1, keepdim: true).neg(); // [row, 1]
        var bound = (entropy.neg().exp() * Scalars.Of(Math.Sqrt(epsilon))).clamp(max: Scalars.Of(epsilon)); // [row, 1]
        return scores.Without(probabilities.lt(bound).logical_and(scores.BelowBest(atLeast)));
    }
}
