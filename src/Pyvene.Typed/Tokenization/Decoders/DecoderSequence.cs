namespace Pyvene.Typed.Tokenization.Decoders;

/// <summary>Several decoders, one after the other.</summary>
internal sealed class DecoderSequence(IReadOnlyList<TokenDecoder> steps) : TokenDecoder
{
    /// <inheritdoc/>
    public override bool ReadsByteLetters { get; } = steps.Any(step => step.ReadsByteLetters);

    public override IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        steps.Aggregate(tokens, (current, step) => step.Decode(current));
}
