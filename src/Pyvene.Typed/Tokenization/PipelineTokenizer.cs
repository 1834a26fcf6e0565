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
        var records = pipeline.Tokenize(text ?? textSpan, tracksOffsets: true);
        var length = text?.Length ?? textSpan.Length;
        var kept = Math.Min(records.Count, settings.MaxTokenCount);
        return new EncodeResults<EncodedToken>
        {
            Tokens = [.. records.Take(kept).Select(record =>
                new EncodedToken(record.Id, pipeline.Token(record.Id) ?? "", record.Span.Start..record.Span.End))],
            NormalizedText = null,
            CharsConsumed = kept == records.Count ? length : kept == 0 ? 0 : records[kept - 1].Span.End,
        };
    }
}
