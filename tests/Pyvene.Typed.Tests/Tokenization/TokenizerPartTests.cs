using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>Models and parts of a <c>tokenizer.json</c>, with what Hugging Face's tokenizers 0.22.2 gives for them.</summary>
public sealed class TokenizerPartTests
{
    private const string Spaces = """{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}""";

    [Fact]
    public void WordPieceTakesTheLongestTokenAndGivesUpAWordAsAWhole()
    {
        var tokenizer = Load("""
            {"model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 9,
              "vocab": {"[UNK]": 0, "un": 1, "##aff": 2, "##able": 3, "unaf": 4, "u": 5}},
             "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true}}
            """);
        Assert.Equal([1, 3, 0, 5, 0], tokenizer.Encode("unable unaffable u unununabless"));
        Assert.Equal("unable u", tokenizer.Decode([1, 3, 5]));
    }

    [Fact]
    public void UnigramTakesTheBestSumAndFusesWhatIsUnknown()
    {
        var tokenizer = Load("""
            {"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.0], ["ab", -1.5], ["b", -1.0], ["abb", -4.0]]}}
            """);
        var encoding = tokenizer.EncodeWithOffsets("abbzya");
        Assert.Equal([2, 3, 0, 1], encoding.Ids);
        Assert.Equal(["ab", "b", "zy", "a"], encoding.Tokens);
        Assert.Equal([new(0, 2), new(2, 3), new(3, 5), new(5, 6)], encoding.Offsets);
    }

    [Fact]
    public void WithoutAnUnknownTokenUnigramRefusesTheTextAndNamesTheCharacter()
    {
        var tokenizer = Load("""{"model": {"type": "Unigram", "unk_id": null, "vocab": [["a", -1.0]]}}""");
        var error = Assert.Throws<TokenizerException>(() => tokenizer.Encode("az"));
        Assert.Contains("'z' is not in the tokenizer's vocabulary", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("always", new[] { 1, 2, 0, 1 }, new[] { 1, 0, 1 })]
    [InlineData("first", new[] { 1, 2, 0, 2 }, new[] { 1, 0, 2 })]
    [InlineData("never", new[] { 2, 2, 0, 2 }, new[] { 2, 0, 2 })]
    public void MetaspacePrefixesThePiecesThatItsSchemeNames(string scheme, int[] twoBefore, int[] oneBefore)
    {
        var tokenizer = Load($$$"""
            {"model": {"type": "BPE", "vocab": {"<s>": 0, "▁a": 1, "a": 2, "▁": 3}, "merges": [["▁", "a"]]},
             "added_tokens": [{"id": 0, "content": "<s>", "special": true, "normalized": false}],
             "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{{scheme}}}", "split": false}}
            """);
        Assert.Equal(twoBefore, tokenizer.Encode("aa<s>a"));
        Assert.Equal(oneBefore, tokenizer.Encode("a<s>a"));
    }

    [Fact]
    public void BytesWithoutATokenAreSpeltAndReadAgain()
    {
        var tokenizer = Load($$$"""
            {"model": {"type": "BPE", "byte_fallback": true, "fuse_unk": true, "unk_token": "<unk>",
              "vocab": {"<unk>": 0, "▁": 1, "<0xC3>": 2, "<0xA9>": 3, "a": 4}, "merges": []},
             "normalizer": {"type": "Sequence", "normalizers": [
               {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
             "decoder": {"type": "Sequence", "decoders": [{{{Spaces}}}, {"type": "ByteFallback"}, {"type": "Fuse"},
               {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}}
            """);
        Assert.Equal([1, 4, 1, 2, 3, 0], tokenizer.Encode("a ézz"));
        Assert.Equal("a é", tokenizer.Decode([1, 4, 1, 2, 3]));
        Assert.Equal("a\uFFFD", tokenizer.Decode([1, 4, 2]));
    }

    [Theory]
    [InlineData("AAAAAA==", "the table has 4 bytes")]
    [InlineData("BAAAAAABAAA=", "leads beyond the table")]
    [InlineData("CAAAAAA=", "the table has 5 bytes")]
    public void ATableOfReplacementsThatLeavesItsBoundsIsRefused(string table, string message)
    {
        var error = Assert.Throws<TokenizerException>(() => Load($$$"""
            {"model": {"type": "WordLevel", "unk_token": "a", "vocab": {"a": 0}},
             "normalizer": {"type": "Precompiled", "precompiled_charsmap": "{{{table}}}"}}
            """));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\w+"}, "behavior": "Isolated"}""", new[] { 1, 2 })]
    [InlineData("""{"type": "Whitespace"}""", new[] { 3, 4, 2 })]
    public void AFractionBelongsToAWordInAPatternAndNotBetweenWhiteSpace(string part, int[] expected)
    {
        var tokenizer = Load($$$"""
            {"model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "a½": 1, "-": 2, "a": 3, "½": 4, "½-": 5}}, "pre_tokenizer": {{{part}}}}
            """);
        Assert.Equal(expected, tokenizer.Encode(expected.Length == 2 ? "a½-" : "a½ -"));
    }

    [Theory]
    [InlineData("""{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.0], ["aa", -1.5], ["aaaa", -2.0]]}}""")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "aa": 1, "aaaa": 2}, "merges": ["a a", "aa aa"]}}""")]
    [InlineData("""{"model": {"type": "WordPiece", "unk_token": "?", "max_input_chars_per_word": 9000000, "continuing_subword_prefix": "", "vocab": {"?": 0, "aaaa": 3}}}""")]
    public void HalfAMillionOfOneLetterIsOnePieceAndTakesNoSquareOfTime(string json) =>
        Assert.Equal(1 << 17, Load(json).Encode(new string('a', 1 << 19)).Count);

    private static TextTokenizer Load(string json)
    {
        using var folder = new TemporaryFolder("tokenizer-part");
        File.WriteAllText(Path.Combine(folder.Path, "tokenizer.json"), JsonDocument.Parse(json).RootElement.GetRawText());
        return TextTokenizer.Load(folder.Path);
    }
}
