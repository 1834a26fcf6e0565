using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace Pyvene.Typed.Tokenization;

/// <summary>
/// Shows a <see cref="TokenizationPipeline"/> as a tokenizer of <c>Microsoft.ML.Tokenizers</c>, for code that is written against it.
/// </summary>
/// <remarks>It adds no special tokens, and has no pre-tokenizer and no normaliser of its own to be left out: the pipeline always runs whole.</remarks>
internal sealed class PipelineTokenizer(TokenizationPipeline pipeline) : Tokenizer
{
    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        var all = ids.ToList();
        var text = pipeline.Decode(all, skipSpecialTokens: false);
        var fits = text.AsSpan().TryCopyTo(destination);
        (idsConsumed, charsWritten) = fits ? (all.Count, text.Length) : (0, 0);
        return fits ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var encoding = new TokenEncoding(pipeline.Tokenize(text ?? textSpan, tracksOffsets: true), pipeline, text ?? textSpan.ToString());
        var (ids, tokens, offsets) = (encoding.Ids, encoding.Tokens, encoding.Offsets);
        var kept = Math.Min(ids.Count, settings.MaxTokenCount);
        return new EncodeResults<EncodedToken>
        {
            Tokens = [.. Enumerable.Range(0, kept).Select(index => new EncodedToken(ids[index], tokens[index], offsets[index].Start..offsets[index].End))],
            NormalizedText = null,
            CharsConsumed = kept == ids.Count ? text?.Length ?? textSpan.Length : kept == 0 ? 0 : offsets[kept - 1].End,
        };
    }
}
