using CsCheck;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Tests.Tokenization;

public sealed class TextTokenizerTests
{
    private static readonly TextTokenizer Primer = TextTokenizer.Load(Path.Combine(Repository.Root, "models", "primer"));
    private static readonly TextTokenizer Bytes = TextTokenizer.Load(Path.Combine(Repository.Root, "tests", "golden", "tokenizers", "gpt2-512"));

    // Any UTF-16 that is text: no surrogate without its partner.
    private static readonly Gen<string> AnyText = Gen.Int[0, 0x10FFFF].Where(value => value is < 0xD800 or > 0xDFFF)
        .Select(char.ConvertFromUtf32).Array[0, 40].Select(string.Concat);

    private static readonly string[] Parts =
        ["The", " capital", " of", "'s", " ", "  ", "\n", "42", "é", "🙂", "日本", "\t ", " <|endoftext|>", "!?"];

    private static readonly Gen<string> EnglishLikeText =
        Gen.Int[0, Parts.Length - 1].Select(index => Parts[index]).Array[0, 20].Select(string.Concat);

    [Fact]
    public void WordsOfThePrimerAreSingleTokens()
    {
        Assert.Equal(["The", "Ġcapital", "Ġof", "ĠSpain", "Ġis"], Primer.EncodeWithOffsets("The capital of Spain is").Tokens);
        Assert.True(Primer.TryGetId(" Rome", out var rome));
        Assert.Equal(" Rome", Primer.TokenText(rome));
        Assert.False(Primer.TryGetId(" Rome and", out _));
        Assert.False(Primer.TryGetId("", out _));
    }

    [Fact]
    public void DecodingWhatWasEncodedGivesTheText() =>
        Gen.OneOf(AnyText, EnglishLikeText).Holds(text => Assert.Equal(text, Bytes.Decode(Bytes.Encode(text))), iter: 2000);

    [Fact]
    public void EveryByteHasAToken()
    {
        var allOneByteTexts = string.Concat(Enumerable.Range(0, 0x800).Select(value => (char)value));
        Assert.Equal(allOneByteTexts, Bytes.Decode(Bytes.Encode(allOneByteTexts)));
    }

    [Fact]
    public void OffsetsCoverTheTextWithoutGapsAndInOrder() => Gen.OneOf(AnyText, EnglishLikeText).Holds(
        text =>
        {
            var encoding = Bytes.EncodeWithOffsets(text);
            var reached = 0;
            foreach (var span in encoding.Offsets)
            {
                Assert.InRange(span.Start, 0, reached);
                Assert.True(span.End >= reached && span.Length > 0);
                reached = span.End;
            }

            Assert.Equal(text.Length, reached);
            Assert.Equal(text.EnumerateRunes().Count(), encoding.OffsetsInCodePoints.Select(span => span.End).LastOrDefault());
            Assert.Equal(Bytes.Encode(text), encoding.Ids);
        },
        iter: 2000);

    [Fact]
    public void ThreadsShareATokenizer()
    {
        var texts = Enumerable.Range(0, 200).Select(index => $"The capital of {index} is {index * 7919} é🙂 and <|endoftext|>").ToArray();
        var expected = texts.Select(text => Bytes.Encode(text)).ToArray();
        Parallel.For(0, 2000, index => Assert.Equal(expected[index % 200], Bytes.Encode(texts[index % 200])));
    }

    [Fact]
    public void PaddingFallsBackToTheEndOfText()
    {
        var folder = Path.Combine(Repository.Root, "tests", "golden", "tokenizers", "roberta-512");
        Assert.Equal(514, TextTokenizer.Load(folder).PadTokenId);
        Assert.Equal(521, TextTokenizer.Load(folder).VocabularySize);
        Assert.Equal(Bytes.EosTokenId, Bytes.PadTokenId);
    }

    [Fact]
    public void TheInnerTokenizerGivesTheSameIdsAndSpans()
    {
        const string Text = "The 🙂 capital of Spain";
        Assert.Equal(Bytes.Encode(Text), Bytes.Inner.EncodeToIds(Text));
        Assert.Equal(Text, Bytes.Inner.Decode(Bytes.Encode(Text)));
        Assert.Equal(
            Bytes.EncodeWithOffsets(Text).Offsets.Select(span => span.Start..span.End),
            Bytes.Inner.EncodeToTokens(Text, out _).Select(token => token.Offset));
    }
}
