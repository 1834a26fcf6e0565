using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Tests.Tokenization;

public sealed class TokenizerFileTests
{
    private const string Vocabulary = """{"a": 0, "b": 1, "ab": 2, "Ġ": 3, "<unk>": 4, "c</w>": 5, "ab</w>": 6, "b</w>": 7}""";

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("[]", "must be an object, but is []")]
    [InlineData("""{"model": {"type": "BPE"}}""", "model.vocab")]
    [InlineData("""{"model": {"type": "Unheard"}}""", "the model 'Unheard' is not supported")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}}""", "has the id -1")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 2000000000}, "merges": []}}""", "has the id 2000000000")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 1e3}, "merges": []}}""", "no integer")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": "x"}, "merges": []}}""", "no integer")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}}""", "needs the token 'b'")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "a"]]}}""", "needs the token 'aa'")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["aa"]}}""", "model.merges[0]")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", 1]]}}""", "model.merges[0]")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "u"}}""", "unknown token 'u'")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.1}}""", "model.dropout")]
    [InlineData(
        """{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "added_tokens": [{"content": "x", "id": 2147483647}]}""", "'x' has the id 2147483647")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "added_tokens": {}}""", "added_tokens")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a"}, "behavior": "Isolated"}}""", "pre_tokenizer.pattern.Regex")]
    [InlineData(
        """{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Odd"}}""",
        "'Odd' is unknown")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x", "type_id": 0}}], "pair": [], "special_tokens": {}}}""", "'x' is not among")]
    [InlineData(
        """{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "post_processor": {"type": "BertProcessing", "sep": ["x", 7], "cls": ["a", 0]}}""",
        "post_processor.sep[1]: no token has the id 7")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "\ud800": 1}, "merges": []}}""", "no Unicode text")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["\ud800 a"]}}""", "no Unicode text")]
    public void BrokenFilesGiveOneClearError(string json, string expected)
    {
        using var folder = new TemporaryFolder("broken");
        folder.Write("tokenizer.json", json);
        var error = Assert.Throws<TokenizerException>(() => TextTokenizer.Load(folder.Path));
        Assert.Contains(expected, error.Message);
        Assert.Equal(Path.Combine(folder.Path, "tokenizer.json"), error.File);
    }

    [Fact]
    public void AnEmptyFolderIsNoTokenizer()
    {
        using var folder = new TemporaryFolder("empty");
        Assert.Contains("neither tokenizer.json nor vocab.json", Assert.Throws<TokenizerException>(() => TextTokenizer.Load(folder.Path)).Message);
    }

    [Fact]
    public void ABrokenMergesFileNamesItsLine()
    {
        using var folder = new TemporaryFolder("pair");
        folder.Write("vocab.json", """{"a": 0, "b": 1, "ab": 2}""");
        folder.Write("merges.txt", "#version: 0.2\na b\nb a\n");
        Assert.Equal("line 3", Assert.Throws<TokenizerException>(() => TextTokenizer.Load(folder.Path)).Place);
    }

    [Theory]
    [InlineData("", new[] { 2 })]
    [InlineData("""{"tokenizer_class": "GPT2Tokenizer", "add_bos_token": true, "bos_token": "a"}""", new[] { 3, 2 })]
    [InlineData("""{"tokenizer_class": "RobertaTokenizer", "cls_token": "a", "sep_token": "b"}""", new[] { 3, 2, 4 })]
    [InlineData("""{"tokenizer_class": "Qwen2TokenizerFast"}""", new[] { 2 })]
    public void TheClassInTheConfigurationSaysHowVocabularyAndMergesAreMeant(string configuration, int[] ids)
    {
        using var folder = new TemporaryFolder("pair");
        folder.Write("vocab.json", """{"x": 0, "y": 1, "xy": 2, "a": 3, "b": 4}""");
        folder.Write("merges.txt", "#version: 0.2\nx y\n");
        if (configuration.Length > 0) folder.Write("tokenizer_config.json", configuration);
        Assert.Equal(ids, TextTokenizer.Load(folder.Path).Encode("xy"));
    }

    [Fact]
    public void AnUnknownClassOfVocabularyAndMergesIsRefused()
    {
        using var folder = new TemporaryFolder("pair");
        folder.Write("vocab.json", """{"a": 0}""");
        folder.Write("merges.txt", "#version: 0.2\n");
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "WhisperTokenizer"}""");
        var error = Assert.Throws<TokenizerException>(() => TextTokenizer.Load(folder.Path));
        Assert.Contains("WhisperTokenizer", error.Message);
        Assert.True(error.IsUnsupported);
    }

    [Fact]
    public void NestingThatNeverEndsIsRefused()
    {
        using var folder = new TemporaryFolder("deep");
        folder.Write("tokenizer.json", """{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "normalizer": """ + Nested(1000) + "}");
        Assert.Throws<TokenizerException>(() => TextTokenizer.Load(folder.Path));

        static string Nested(int depth) =>
            string.Concat(Enumerable.Repeat("""{"type": "Sequence", "normalizers": [""", depth)) + string.Concat(Enumerable.Repeat("]}", depth));
    }

    [Fact]
    public void UnknownCharactersAreFusedOnlyWhereAsked()
    {
        Assert.Equal([0, 4, 4, 1], Load("\"unk_token\": \"<unk>\"").Encode("axyb"));
        Assert.Equal([0, 4, 1], Load("\"unk_token\": \"<unk>\", \"fuse_unk\": true").Encode("axyb"));
        Assert.Equal([2], Load("\"unk_token\": null").Encode("axyb"));
    }

    [Fact]
    public void TheLastCharacterOfAWordTakesTheSuffix()
    {
        var tokenizer = Load("\"end_of_word_suffix\": \"</w>\", \"continuing_subword_prefix\": \"\"", ", [\"a\", \"b</w>\"]");
        Assert.Equal([6], tokenizer.Encode("ab"));
        Assert.Equal([2, 5], tokenizer.Encode("abc"));
    }

    [Fact]
    public void AByteOrderMarkIsNoError()
    {
        using var folder = new TemporaryFolder("mark");
        folder.Write("tokenizer.json", "\uFEFF" + Json("\"unk_token\": null", ""));
        Assert.Equal([2], TextTokenizer.Load(folder.Path).Encode("ab"));
    }

    [Fact]
    public void TransformersAddsTheTokensThatItsConfigurationNames()
    {
        using var folder = new TemporaryFolder("added");
        folder.Write("tokenizer.json", Json("\"unk_token\": null", ""));
        folder.Write("tokenizer_config.json", """{"eos_token": {"content": "<end>", "lstrip": true}, "pad_token": null}""");
        var tokenizer = TextTokenizer.Load(folder.Path, TokenizerConvention.Transformers);
        Assert.Equal(8, tokenizer.EosTokenId);
        Assert.Equal(8, tokenizer.PadTokenId);
        Assert.Equal([2, 8, 0], tokenizer.Encode("ab <end>a"));
        Assert.Equal("aba", tokenizer.Decode([2, 8, 0], skipSpecialTokens: true).Replace(" ", ""));
        Assert.Null(TextTokenizer.Load(folder.Path).EosTokenId);
    }

    private static string Json(string options, string merges) =>
        $$$"""{"model": {"type": "BPE", {{{options}}}, "vocab": {{{Vocabulary}}}, "merges": [["a", "b"]{{{merges}}}]}}""";

    private static TextTokenizer Load(string options, string merges = "")
    {
        using var folder = new TemporaryFolder("small");
        folder.Write("tokenizer.json", Json(options, merges));
        return TextTokenizer.Load(folder.Path);
    }
}
