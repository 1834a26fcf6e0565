using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>Folders with vocab.txt alone, and what tokenizer_config.json has BERT's tokenizers do; the ids are those of transformers 4.57.6.</summary>
public sealed class WordListTests
{
    private static readonly string[] Words =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "h", "l", "o", "r", "s", "t",
        "w", "x", "y", "##a", "##b", "##c", "##d", "##e", "##h", "##l", "##o", "##r", "##s", "##t", "##w", "##x",
        "##y", "hello", "Hello", "##llo", "caf", "caf\u00e9", "cafe", "\u00c9", "\u00e9", "##\u00e9", "!", ",", "\u4e16", "\u754c", "##\u754c", "\u4e16\u754c",
        "'", "world", "the", "##ing", "x1", "1", "##1",
    ];

    [Theory]
    [InlineData("""{}""",
        "2 33 43 49 42 3", "2 38 38 38 3", "2 44 45 50 44 45 3", "2 10 23 48 14 5 7 19 29 52 3", "2 4 33 3 1 1 1 3", "2 9 9 9 3")]
    [InlineData("""{"do_lower_case": false}""",
        "2 34 43 49 42 3", "2 1 37 38 3", "2 44 45 50 44 45 3", "2 1 48 14 5 7 19 29 52 3", "2 4 34 3 1 1 1 3", "2 39 40 1 3")]
    [InlineData("""{"do_lower_case": false, "strip_accents": true}""",
        "2 34 43 49 42 3", "2 1 38 38 3", "2 44 45 50 44 45 3", "2 1 48 14 5 7 19 29 52 3", "2 4 34 3 1 1 1 3", "2 1 9 9 3")]
    [InlineData("""{"strip_accents": false}""",
        "2 33 43 49 42 3", "2 37 37 38 3", "2 44 45 50 44 45 3", "2 10 23 48 14 5 7 19 29 52 3", "2 4 33 3 1 1 1 3", "2 40 40 1 3")]
    [InlineData("""{"tokenize_chinese_chars": false}""",
        "2 33 43 49 42 3", "2 38 38 38 3", "2 47 1 3", "2 10 23 48 14 5 7 19 29 52 3", "2 4 33 3 1 1 1 3", "2 9 9 9 3")]
    public void TheIdsAreThoseOfTransformers(string config, string hello, string accents, string chinese, string control, string special, string marks)
    {
        using var folder = new TemporaryFolder("words");
        folder.Write("vocab.txt", string.Join("\r\n", Words) + "\r\n");
        folder.Write("tokenizer_config.json", config);

        var tokenizer = TextTokenizer.Load(folder.Path);

        Assert.Empty(tokenizer.Unread);
        Assert.Equal(hello, Ids(tokenizer, "Hello, world!"));
        Assert.Equal(accents, Ids(tokenizer, "CAF\u00c9 caf\u00e9 cafe"));
        Assert.Equal(chinese, Ids(tokenizer, "\u4e16\u754c the\u4e16\u754c"));
        Assert.Equal(control, Ids(tokenizer, "He's  a\tcat\0 x1"));
        Assert.Equal(special, Ids(tokenizer, "[MASK] Hello [SEP] [mask]"));
        Assert.Equal(marks, Ids(tokenizer, "\u00c9 \u00e9 e\u0301"));
    }

    [Fact]
    public void AFolderWithTheWordsAloneIsLowerCasedAndDecodes()
    {
        using var folder = new TemporaryFolder("words");
        folder.Write("vocab.txt", string.Join('\n', Words));

        var tokenizer = TextTokenizer.Load(folder.Path);

        Assert.Equal("2 33 43 49 42 3", Ids(tokenizer, "Hello, world!"));
        Assert.Equal("hello, world!", tokenizer.Decode(tokenizer.Encode("Hello, world!"), skipSpecialTokens: true));
    }

    // transformers lower-cases where the configuration does not say otherwise, even if tokenizer.json does.
    [Theory]
    [InlineData("""{"tokenizer_class": "BertTokenizer"}""", TokenizerConvention.Transformers, "2 33 43 49 42 3")]
    [InlineData("""{"tokenizer_class": "BertTokenizer", "do_lower_case": false}""", TokenizerConvention.Transformers, "2 34 43 49 42 3")]
    [InlineData("""{"tokenizer_class": "BertTokenizer", "do_lower_case": true}""", TokenizerConvention.Tokenizers, "2 34 43 49 42 3")]
    public void TheConfigurationOverrulesTheNormalizerOfBert(string config, TokenizerConvention convention, string expected)
    {
        using var folder = new TemporaryFolder("words");
        var ids = Words.Select((word, id) => (word, id)).ToDictionary(item => item.word, item => item.id);
        var vocabulary = System.Text.Json.JsonSerializer.Serialize(ids, JsonForm.Plain);
        folder.Write(
            "tokenizer.json",
            $$$"""
            {"model": {"type": "WordPiece", "vocab": {{{vocabulary}}}, "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100},
             "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": false},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}}
            """);
        folder.Write("tokenizer_config.json", config);

        Assert.Equal(expected, Ids(TextTokenizer.Load(folder.Path, convention), "Hello, world!"));
    }

    [Theory]
    [InlineData("CanineTokenizer", "[CLS]", "how 'CanineTokenizer' reads vocab.txt is not known here")]
    [InlineData("BertTokenizer", "<cls>", "the token '[CLS]' is missing")]
    public void WhatIsNotUnderstoodIsRefusedByName(string name, string first, string expected)
    {
        using var folder = new TemporaryFolder("words");
        folder.Write("vocab.txt", string.Join('\n', Words).Replace("[CLS]", first, StringComparison.Ordinal));
        folder.Write("tokenizer_config.json", $$"""{"tokenizer_class": "{{name}}"}""");

        Assert.Contains(expected, Assert.Throws<TokenizerException>(() => TextTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MKTAYIAK", "0 20 15 11 5 19 12 5 15 2", "M K T A Y I A K")]
    [InlineData("MK TA", "0 20 15 11 5 2", "M K T A")]
    [InlineData("mkt A j", "0 3 5 3 2", "A")]
    [InlineData("M<mask>K <cls>", "0 20 32 15 0 2", "M K")]
    [InlineData("M.-X jj kk B", "0 20 29 30 24 3 3 25 2", "M . - X B")]
    [InlineData("<null_1>\u00e9 A", "0 31 3 5 2", "<null_1> A")]
    [InlineData("", "0 2", "")]
    public void EveryTokenOfEsmIsFoundWhereverItStands(string text, string ids, string decoded)
    {
        using var folder = new TemporaryFolder("words");
        var words = "<cls> <pad> <eos> <unk> L A G V S E R T I D P K Q N F Y M H W C X B U Z O . - <null_1> <mask>";
        folder.Write("vocab.txt", words.Replace(' ', '\n'));
        folder.Write("config.json", """{"model_type": "esm"}""");

        var tokenizer = TextTokenizer.Load(folder.Path);

        Assert.Equal(ids, Ids(tokenizer, text));
        Assert.Equal(decoded, tokenizer.Decode(tokenizer.Encode(text), skipSpecialTokens: true));
        Assert.Equal([0, 20, 15, 2, 11, 5, 2], tokenizer.EncodePair("MK", "TA").Ids);
    }

    private static string Ids(TextTokenizer tokenizer, string text) => string.Join(' ', tokenizer.Encode(text));
}
