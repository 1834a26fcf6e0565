using Pyvene.Typed.Tokenization.PostProcessors;

namespace Pyvene.Typed.Tokenization;

/// <summary>The tokens of a text or of a pair of texts, with what each of them stands for. Immutable and thread-safe.</summary>
public sealed class TokenEncoding
{
    private readonly IReadOnlyList<TokenRecord> _records;
    private readonly TokenizationPipeline _pipeline;
    private readonly string[] _texts;

    internal TokenEncoding(IReadOnlyList<TokenRecord> records, TokenizationPipeline pipeline, params string[] texts)
    {
        _records = records;
        _pipeline = pipeline;
        _texts = texts;
        Ids = [.. records.Select(record => record.Id)];
    }

    /// <summary>Gets the ids.</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>Gets the tokens as the vocabulary spells them: a byte-level token for " Rome" is <c>ĠRome</c>.</summary>
    public IReadOnlyList<string> Tokens => [.. Ids.Select(id => _pipeline.Token(id) ?? "")];

    /// <summary>Gets the part of its text that each token stands for, in UTF-16 units, so that it can be cut out of a <see cref="string"/>.</summary>
    /// <value>Empty at 0 for tokens that were added; tokens that share a character have the same span.</value>
    public IReadOnlyList<TextSpan> Offsets => [.. _records.Select(record => record.Span)];

    /// <summary>Gets the part of its text that each token stands for, in Unicode code points, as Python counts.</summary>
    public IReadOnlyList<TextSpan> OffsetsInCodePoints
    {
        get
        {
            var positions = _texts.Select(CodePointPositions).ToArray();
            return [.. _records.Select(record => record.IsAdded
                ? default
                : new TextSpan(positions[record.Sequence][record.Span.Start], positions[record.Sequence][record.Span.End]))];
        }
    }

    /// <summary>Gets the type of each token; which text of a pair it belongs to, where the tokenizer tells them apart.</summary>
    public IReadOnlyList<int> TypeIds => [.. _records.Select(record => record.TypeId)];

    /// <summary>Gets 1 for each token that was added to the text, 0 for those of the text.</summary>
    public IReadOnlyList<int> SpecialTokensMask => [.. _records.Select(record => record.IsAdded ? 1 : 0)];

    /// <summary>Gets which text each token comes from: 0, 1, or null for one that was added.</summary>
    public IReadOnlyList<int?> SequenceIds => [.. _records.Select(record => record.IsAdded ? (int?)null : record.Sequence)];

    // Entry i is the number of code points that start before UTF-16 unit i.
    private static int[] CodePointPositions(string text)
    {
        var positions = new int[text.Length + 1];
        var isInside = false;
        for (var index = 0; index < text.Length; index++)
        {
            isInside = !isInside && char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
            positions[index + 1] = positions[index] + (isInside ? 0 : 1);
        }

        return positions;
    }
}
