using System.Text;
using Pyvene.Typed.Tokenization.AddedTokens;
using Pyvene.Typed.Tokenization.Decoders;
using Pyvene.Typed.Tokenization.Models;
using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.PostProcessors;
using Pyvene.Typed.Tokenization.PreTokenizers;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization;

/// <summary>
/// The way from text to tokens and back, in the stages of Hugging Face's tokenizers: added tokens are cut out, the rest is normalised,
/// pre-tokenized, and given to the model piece by piece; then the post-processor. Thread-safe.
/// </summary>
internal sealed record TokenizationPipeline(
    TokenModel Model,
    AddedVocabulary AddedTokens,
    Normalizer? Normalizer,
    PreTokenizer? PreTokenizer,
    PostProcessor? PostProcessor,
    TokenDecoder? Decoder)
{
    /// <summary>Gets the smallest number beyond all ids.</summary>
    public int IdLimit { get; } = Math.Max(Model.Vocabulary.End, AddedTokens.Tokens.Select(token => token.Id + 1).DefaultIfEmpty().Max());

    /// <summary>Gives the token of an id as the files spell it; null where there is none.</summary>
    public string? Token(int id) => AddedTokens.Find(id)?.Content ?? Model.Vocabulary.Token(id);

    /// <summary>Gives the id of a token as the files spell it.</summary>
    public int? Id(string token) =>
        AddedTokens.Find(token)?.Id ?? (Model.Vocabulary.TryGetId(token, out var id) ? id : null);

    /// <summary>Gives the tokens of one text, without post-processing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tracksOffsets">Whether the spans of the tokens are wanted.</param>
    /// <param name="sequence">Which text of a pair it is.</param>
    /// <param name="staysText">Whether an added token, found at a span in UTF-16 units of the text, is text all the same; null where none is.</param>
    public List<TokenRecord> Tokenize(ReadOnlySpan<char> text, bool tracksOffsets, int sequence = 0, Func<AddedToken, TextSpan, bool>? staysText = null)
    {
        var output = new List<TokenRecord>(text.Length / 3 + 4);
        var scratch = new List<ModelToken>();
        var characters = text.ToArray();
        ReplaceHalfSurrogates(characters);
        text = characters;
        foreach (var (span, token) in AddedTokens.Cut(text, normalized: false, staysText))
        {
            if (token is not null)
            {
                var found = text[span.Start..span.End].ToString();
                output.Add(new TokenRecord(token.Id, span) { Found = found, TypeId = sequence, Sequence = sequence });
                continue;
            }

            // Where a token stands in the original text is known by the offsets alone.
            var stretch = AlignedText.Create(characters, span, tracksOffsets || staysText is not null || PreTokenizer?.NeedsOrigins == true);
            Normalizer?.Apply(stretch);
            foreach (var piece in stretch.Pieces)
            {
                TokenizeNormalized(stretch, piece, sequence, output, scratch, staysText);
            }
        }

        if (tracksOffsets)
        {
            ToCodePoints(output, text);
        }

        return output;
    }

    /// <summary>Gives the text of ids; ids without a token are left out.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <param name="addedTokensAsBytes">Whether the decoder reads added tokens too, as the library tokenizers has it; else they are their text.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens, bool addedTokensAsBytes = false)
    {
        var (tokens, text) = (new List<string>(), new StringBuilder());
        foreach (var id in ids)
        {
            var added = AddedTokens.Find(id);
            if ((added?.Content ?? Model.Vocabulary.Token(id)) is not { } token || (skipSpecialTokens && added is { IsSpecial: true }))
            {
                continue;
            }

            if (added is null || addedTokensAsBytes || Decoder?.ReadsByteLetters != true)
            {
                tokens.Add(token);
                continue;
            }

            // The letters of an added token are no bytes: 'ü' is in the alphabet of bytes, and means a byte there.
            text.AppendJoin("", Decoder.Decode(tokens)).Append(token);
            tokens.Clear();
        }

        return Decoder is null ? string.Join(' ', tokens) : text.AppendJoin("", Decoder.Decode(tokens)).ToString();
    }

    // Half of a surrogate pair is no character and has no UTF-8.
    private static void ReplaceHalfSurrogates(Span<char> text)
    {
        for (var index = text.IndexOfAnyInRange('\uD800', '\uDFFF'); index >= 0 && index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
            {
                continue;
            }

            if (index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]))
            {
                index++;
            }
            else
            {
                text[index] = '\uFFFD';
            }
        }
    }

    private static void ToCodePoints(List<TokenRecord> records, ReadOnlySpan<char> text)
    {
        var index = new CodePointIndex(text);
        for (var position = 0; position < records.Count; position++)
        {
            records[position] = records[position] with { Span = index.ToCodePoints(records[position].Span) };
        }
    }

    private void TokenizeNormalized(
        AlignedText text, TextSpan piece, int sequence, List<TokenRecord> output, List<ModelToken> scratch, Func<AddedToken, TextSpan, bool>? staysText)
    {
        Func<AddedToken, TextSpan, bool>? staysHere = staysText is null ? null
            : (token, span) => staysText(token, text.Origin(piece.Start + span.Start, piece.Start + span.End));
        foreach (var (span, token) in AddedTokens.Cut(text.Characters(piece), normalized: true, staysHere))
        {
            var shifted = new TextSpan(piece.Start + span.Start, piece.Start + span.End);
            if (token is not null)
            {
                output.Add(new TokenRecord(token.Id, text.Origin(shifted.Start, shifted.End))
                {
                    Found = text.Characters(shifted).ToString(),
                    TypeId = sequence,
                    Sequence = sequence,
                });
                continue;
            }

            var stretch = text.Slice(shifted);
            PreTokenizer?.Apply(stretch);
            foreach (var word in stretch.Pieces)
            {
                scratch.Clear();
                Model.Tokenize(stretch.Characters(word), scratch);
                foreach (var (id, start, end) in scratch)
                {
                    var origin = stretch.Origin(word.Start + start, word.Start + end);
                    var found = id == Model.FoundId ? stretch.Characters(new TextSpan(word.Start + start, word.Start + end)).ToString() : null;
                    output.Add(new TokenRecord(id, origin) { Found = found, TypeId = sequence, Sequence = sequence });
                }
            }
        }
    }
}
