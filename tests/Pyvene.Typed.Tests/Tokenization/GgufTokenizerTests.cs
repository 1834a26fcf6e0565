using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Checkpoints.Gguf;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Tests.Tokenization;

public sealed class GgufTokenizerTests : IDisposable
{
    private readonly TemporaryFolder folder = new("gguf-tokenizer");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AByteLevelTokenizerMergesAddsItsFirstTokenAndRendersItsTemplate()
    {
        var tokenizer = Load(ByteLevel("llama-bpe").With("tokenizer.chat_template", "{{ bos_token }}{% for m in messages %}{{ m['content'] }}{% endfor %}"));

        Assert.Equal([3, 5], tokenizer.Encode("ab b", addSpecialTokens: false)); // "ab" and " b"
        Assert.Equal([6, 3, 6], tokenizer.Encode("ab<s>")); // llama-bpe begins texts unless the file says otherwise
        Assert.Equal("ab<s> b", tokenizer.Decode([3, 6, 5]));
        Assert.Equal(6, tokenizer.BosTokenId);
        Assert.Equal("<s>ab", tokenizer.ApplyChatTemplate([new ChatMessage("user", "ab")]));
    }

    [Theory]
    [InlineData(null, "it is missing")]
    [InlineData("default", "it is 'default'")]
    [InlineData("wobble", "it is 'wobble'")]
    public void HowTextsAreCutIsNeverGuessed(string? pre, string reason)
    {
        var error = Assert.Throws<TokenizerException>(() => Load(ByteLevel(pre)));

        Assert.True(error.IsUnsupported);
        Assert.Equal("tokenizer.ggml.pre", error.Place);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScoresJoinTheBestNeighboursFirstAndWhatHasNoTokenIsBytes()
    {
        string[] tokens = ["<unk>", "<s>", "</s>", "<0xC3>", "<0xA9>", "▁", "a", "b", "c", "ab", "bc", "▁a"];
        var tokenizer = Load(new GgufBytes()
            .With("tokenizer.ggml.model", "llama").With("tokenizer.ggml.tokens", tokens)
            .With("tokenizer.ggml.scores", new[] { 0f, 0, 0, 0, 0, -9, -9, -9, -9, -3, -1, -2 })
            .With("tokenizer.ggml.token_type", new[] { 2, 3, 3, 6, 6, 1, 1, 1, 1, 1, 1, 1 })
            .With("tokenizer.ggml.bos_token_id", 1u).With("tokenizer.ggml.eos_token_id", 2u).With("tokenizer.ggml.unknown_token_id", 0u));

        Assert.Equal([1, 11, 10], tokenizer.Encode("abc")); // "bc" before "▁a" before "ab"
        Assert.Equal([5, 3, 4, 2], tokenizer.Encode("é</s>", addSpecialTokens: false));
        Assert.Equal("abc é", tokenizer.Decode([11, 10, 5, 3, 4]));
    }

    [Fact]
    public void AnIdOutsideOfTheVocabularyIsRefusedByItsKey() =>
        Assert.Equal("tokenizer.ggml.eos_token_id",
            Assert.Throws<TokenizerException>(() => Load(ByteLevel("gpt-2").With("tokenizer.ggml.eos_token_id", 70u))).Place);

    private static GgufBytes ByteLevel(string? pre)
    {
        var bytes = new GgufBytes().With("tokenizer.ggml.model", "gpt2");
        if (pre is not null) bytes.With("tokenizer.ggml.pre", pre);
        return bytes.With("tokenizer.ggml.tokens", new[] { "a", "b", "Ġ", "ab", "c", "Ġb", "<s>" })
            .With("tokenizer.ggml.token_type", new[] { 1, 1, 1, 1, 1, 1, 3 }).With("tokenizer.ggml.merges", new[] { "a b", "Ġ b" })
            .With("tokenizer.ggml.bos_token_id", 6u);
    }

    private TextTokenizer Load(GgufBytes bytes)
    {
        var path = Path.Combine(folder.Path, "model.gguf");
        File.WriteAllBytes(path, bytes.ToArray());
        return TextTokenizer.Load(path);
    }
}
