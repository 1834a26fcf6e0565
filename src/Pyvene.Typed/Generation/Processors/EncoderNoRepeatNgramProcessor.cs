using static TorchSharp.torch;

namespace Pyvene.Typed.Generation.Processors;

/// <summary>Forbids the tokens that would copy an n-gram of the input.</summary>
/// <remarks>Reproduces <c>EncoderNoRepeatNGramLogitsProcessor</c> of transformers 4.57.6.</remarks>
internal sealed class EncoderNoRepeatNgramProcessor : LogitsProcessor
{
    private readonly int size;
    private readonly InputTokens input;

    /// <summary>Initialises the processor.</summary>
    /// <param name="size">The length of an n-gram, at least 1.</param>
    /// <param name="inputTokens">The tokens of the input: int64 [batch, position]. They are read once and stay the caller's.</param>
    /// <exception cref="ArgumentException">The length is below 1, or the tokens are not int64 [batch, position].</exception>
    public EncoderNoRepeatNgramProcessor(int size, Tensor inputTokens)
    {
        this.size = SettingCheck.AtLeast(size, 1, nameof(size));
        input = new InputTokens(inputTokens);
    }

    /// <inheritdoc/>
    protected override Tensor Process(Tensor tokens, Tensor scores) => scores.WithoutNgrams(size, input.For(scores), tokens);
}
