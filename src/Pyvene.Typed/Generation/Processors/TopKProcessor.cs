using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Keeps the tokens that score at least as high as the k-th best, so a tie at the border keeps more than k.</summary>
/// <remarks>Reproduces <c>TopKLogitsWarper</c> of transformers 4.57.6.</remarks>
/// <param name="count">How many tokens are kept, at least 1; more than the vocabulary keeps all.</param>
/// <param name="atLeast">How many tokens are kept whatever <paramref name="count"/> says, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
internal sealed class TopKProcessor(int count, int atLeast = 1) : LogitsProcessor
{
    private readonly int kept = Math.Max(SettingCheck.AtLeast(count, 1, nameof(count)), SettingCheck.AtLeast(atLeast, 1, nameof(atLeast)));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => scores.Without(scores.BelowBest(kept));
}
