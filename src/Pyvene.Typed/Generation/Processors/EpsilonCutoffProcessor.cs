using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Keeps the tokens whose probability is at least a constant (epsilon sampling, Hewitt et al. 2022).</summary>
/// <remarks>Reproduces <c>EpsilonLogitsWarper</c> of transformers 4.57.6.</remarks>
/// <param name="epsilon">The smallest probability that is kept, strictly between 0 and 1.</param>
/// <param name="atLeast">How many of the best tokens are kept whatever their probability, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
internal sealed class EpsilonCutoffProcessor(double epsilon, int atLeast = 1) : LogitsProcessor
{
    private readonly double epsilon = SettingCheck.OpenFraction(epsilon, nameof(epsilon));
    private readonly int atLeast = SettingCheck.AtLeast(atLeast, 1, nameof(atLeast));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) =>
        scores.Without(scores.softmax(1).lt(Scalars.Of(epsilon)).logical_and(scores.BelowBest(atLeast)));
}
