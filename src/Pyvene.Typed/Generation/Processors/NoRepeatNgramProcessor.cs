using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forbids the tokens that would repeat an n-gram of the row, prompt included.</summary>
/// <remarks>Reproduces <c>NoRepeatNGramLogitsProcessor</c> of transformers 4.57.6.</remarks>
/// <param name="size">The length of an n-gram, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
internal sealed class NoRepeatNgramProcessor(int size) : LogitsProcessor
{
    private readonly int size = SettingCheck.AtLeast(size, 1, nameof(size));

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => scores.WithoutNgrams(size, tokens, tokens);
}
