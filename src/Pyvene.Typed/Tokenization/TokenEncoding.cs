using Pyvene.Typed.Tokenization.PostProcessors;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization;

/// <summary>The tokens of a text or of a pair of texts, with what each of them stands for. Immutable and thread-safe.</summary>
public sealed class TokenEncoding
{
    private readonly IReadOnlyList<TokenRecord> records;
    private readonly TokenizationPipeline pipeline;
    private readonly string[] texts;

    internal TokenEncoding(IReadOnlyList<TokenRecord> records, TokenizationPipeline pipeline, params string[] texts)
    {
        this.records = records;
        this.pipeline = pipeline;
        this.texts = texts;
        Ids = [.. records.Select(record => record.Id)];
    }

    /// <summary>Gets the ids.</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>Gets the tokens as the vocabulary spells them: a byte-level token for " Rome" is <c>ĠRome</c>.</summary>
    /// <value>An added token stands as it was found, with the white space that it took.</value>
    public IReadOnlyList<string> Tokens => [.. records.Select(record => record.Found ?? pipeline.Token(record.Id) ?? "")];

    /// <summary>Gets the part of its text that each token stands for, in UTF-16 units, so that it can be cut out of a <see cref="string"/>.</summary>
    /// <value>Empty at 0 for tokens that were added; tokens that share a character have the same span.</value>
    public IReadOnlyList<TextSpan> Offsets
    {
        get
        {
            var indices = texts.Select(text => new CodePointIndex(text)).ToArray();
            return [.. records.Select(record => record.IsAdded ? default : indices[record.Sequence].ToUnits(record.Span))];
        }
    }

    /// <summary>Gets the part of its text that each token stands for, in Unicode code points, as Python counts.</summary>
    public IReadOnlyList<TextSpan> OffsetsInCodePoints => [.. records.Select(record => record.Span)];

    /// <summary>Gets the type of each token; which text of a pair it belongs to, where the tokenizer tells them apart.</summary>
    public IReadOnlyList<int> TypeIds => [.. records.Select(record => record.TypeId)];

    /// <summary>Gets 1 for each token that was added to the text, 0 for those of the text.</summary>
    public IReadOnlyList<int> SpecialTokensMask => [.. records.Select(record => record.IsAdded ? 1 : 0)];

    /// <summary>Gets which text each token comes from: 0, 1, or null for one that was added.</summary>
    public IReadOnlyList<int?> SequenceIds => [.. records.Select(record => record.IsAdded ? (int?)null : record.Sequence)];
}
