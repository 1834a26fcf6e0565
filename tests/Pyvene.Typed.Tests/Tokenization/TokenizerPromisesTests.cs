using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>What tokenizers' files ask for and what texts hold: followed, refused, or told; within bounds.</summary>
public sealed class TokenizerPromisesTests
{
    private const string Special =
        """{"content": "<|im_end|>", "special": true, "normalized": false}, {"content": "<|bos|>", "special": true, "normalized": false}""";

    [Theory]
    [InlineData("đem")]
    [InlineData("kuća")]
    [InlineData("Začnimo")]
    [InlineData("ilÖveyou")]
    [InlineData("straße")]
    [InlineData("naïve")]
    [InlineData("ÿ")]
    [InlineData("Ġ")]
    [InlineData("<|ü|>")]
    public void AddedTokensInAnyScriptDecodeToTheirText(string token)
    {
        var isSpecial = token[0] == '<' ? "true" : "false";
        foreach (var convention in Enum.GetValues<TokenizerConvention>())
        {
            var tokenizer = Load($$"""{"content": "{{token}}", "special": {{isSpecial}}}""", convention: convention);
            var id = Assert.Single(tokenizer.Encode(token));
            Assert.Equal(token, tokenizer.Decode([id]));
            Assert.Equal(token, tokenizer.TokenText(id));
            Assert.True(tokenizer.TryGetId(token, out var found));
            Assert.Equal(id, found);
        }
    }

    [Fact]
    public void TheLibraryTokenizersReadsAddedTokensAsBytesAndThatIsAskedFor()
    {
        var tokenizer = Load("""{"content": "đem", "special": false}""");
        Assert.Equal("\u0011em", tokenizer.Decode(tokenizer.Encode("đem"), addedTokensAsBytes: true));
        Assert.Throws<ArgumentException>(() => Load("", convention: TokenizerConvention.Transformers).Decode([0], addedTokensAsBytes: true));
    }

    [Fact]
    public void ClassesThatWriteTheirOwnEdgesFollowTheFlags()
    {
        const string Names = """{"tokenizer_class": "LlamaTokenizerFast", "bos_token": "<|bos|>", "eos_token": "<|im_end|>" """;
        int[] text = [.. Load(Special).Encode("hi")];
        Assert.Equal([257, .. text, 256], Edges(Names + """, "add_bos_token": true, "add_eos_token": true}"""));
        Assert.Equal([257, .. text], Edges(Names + "}"));
        Assert.Equal([.. text, 256], Edges(Names + """, "add_bos_token": false, "add_eos_token": true}"""));
        var other = Load(
            Special,
            """{"tokenizer_class": "GPT2Tokenizer", "add_eos_token": true, "eos_token": "<|im_end|>", "do_lower_case": true}""",
            TokenizerConvention.Transformers);
        Assert.Equal(text, other.Encode("hi"));
        Assert.Equal(["tokenizer_config.json: do_lower_case", "tokenizer_config.json: add_eos_token"], other.Unread);

        static IReadOnlyList<int> Edges(string configuration) => Load(Special, configuration, TokenizerConvention.Transformers).Encode("hi");
    }

    [Fact]
    public void SpecialTokensAreTextWhereTheFileOrTheCallerSaysSo()
    {
        const string Split = """{"eos_token": "<|im_end|>", "split_special_tokens": true}""";
        var plain = Load(Special);
        var split = Load(Special, Split, TokenizerConvention.Transformers);
        Assert.Equal([256], plain.Encode("<|im_end|>"));
        Assert.Equal(10, plain.Encode("<|im_end|>", specialTokensAsText: true).Count);
        Assert.Equal(10, split.Encode("<|im_end|>").Count);
        Assert.Equal([256], split.Encode("<|im_end|>", specialTokensAsText: false));
        Assert.Equal(10, Assert.Single(plain.EncodeBatch(["<|im_end|>"], new EncodingOptions { SpecialTokensAsText = true }).InputIds).Count);
        Assert.Equal("a<|im_end|>b", plain.Decode(plain.Encode("a<|im_end|>b", specialTokensAsText: true), skipSpecialTokens: true));
    }

    [Fact]
    public void DecodingCleansUpWhereTheFileSaysSo()
    {
        var tokenizer = Load(Special, """{"clean_up_tokenization_spaces": true}""", TokenizerConvention.Transformers);
        var ids = tokenizer.Encode("Hello , it 's <|im_end|>");
        Assert.Equal("Hello, it's <|im_end|>", tokenizer.Decode(ids));
        Assert.Equal("Hello , it 's <|im_end|>", tokenizer.Decode(ids, cleanUp: false));
    }

    [Fact]
    public void WhatIsSettledStaysWhateverFollows()
    {
        var tokenizer = Load(Special, """{"clean_up_tokenization_spaces": true}""", TokenizerConvention.Transformers);
        string[] parts = [" ", ".", ",", "'", "n", "t", "s", "ve", " n't", " ' ", "é", "🙂", "word"];
        Gen.Int[0, parts.Length - 1].Array[0, 40].Select(picks => string.Concat(picks.Select(pick => parts[pick]))).Holds(
            text =>
            {
                var (ids, shown, pieces) = (tokenizer.Encode(text), 0, new StringBuilder());
                for (var count = 1; count <= ids.Count; count++)
                {
                    var sofar = tokenizer.Decode(ids.Take(count));
                    var settled = Math.Max(shown, tokenizer.SettledLength(sofar));
                    pieces.Append(sofar[shown..settled]);
                    shown = settled;
                }

                Assert.Equal(tokenizer.Decode(ids), pieces.Append(tokenizer.Decode(ids).AsSpan(shown)).ToString());
            },
            iter: 500);
    }

    [Fact]
    public void SidesAndLengthsComeFromTheFile()
    {
        var tokenizer = Load(
            Special,
            """{"pad_token": "<|im_end|>", "padding_side": "left", "truncation_side": "left", "model_max_length": 2}""",
            TokenizerConvention.Transformers);
        var batch = tokenizer.EncodeBatch(["abc", "a"], new EncodingOptions { Truncation = TruncationStrategy.OnlyFirst, Padding = PaddingLength.Longest });
        Assert.Equal([.. tokenizer.Encode("bc")], batch.InputIds[0]);
        Assert.Equal([256, .. tokenizer.Encode("a")], batch.InputIds[1]);
    }

    [Theory]
    [InlineData("""{"add_eos_token": "true"}""", "add_eos_token: must be true or false, but is \"true\"")]
    [InlineData("""{"split_special_tokens": 1}""", "split_special_tokens")]
    [InlineData("""{"clean_up_tokenization_spaces": "false"}""", "clean_up_tokenization_spaces")]
    [InlineData("""{"padding_side": "up"}""", "padding_side: must be 'left' or 'right'")]
    [InlineData("""{"model_max_length": "64"}""", "model_max_length")]
    [InlineData("""{"model_max_length": -1}""", "at least 1")]
    [InlineData("""{"additional_special_tokens": "<x>"}""", "additional_special_tokens")]
    [InlineData("""{"chat_template": 5}""", "chat_template")]
    [InlineData("""{"tokenizer_class": 0}""", "tokenizer_class")]
    [InlineData("""{"bos_token": false}""", "bos_token")]
    public void FieldsOfAnotherKindAreRefusedByName(string configuration, string expected) =>
        Assert.Contains(expected, Assert.Throws<TokenizerException>(() => Load(Special, configuration)).Message);

    [Fact]
    public void MessagesCannotWriteControlTokens()
    {
        const string Template =
            """{"eos_token": "<|im_end|>", "chat_template": "{% for m in messages %}<|bos|>{{ m['content'] | trim }}<|im_end|>{% endfor %}"}""";
        var tokenizer = Load(Special, Template);
        string[] contents = [" a<|im_end|>b ", "<|im_", "end|>", "é<|bos|>", "plain"];
        var ids = tokenizer.EncodeChat(contents.Select(content => new ChatMessage("user", content)));
        Assert.Equal(5, ids.Count(id => id == 256));
        Assert.Equal(5, ids.Count(id => id == 257));
        Assert.Equal(string.Concat(contents.Select(content => $"<|bos|>{content.Trim()}<|im_end|>")), tokenizer.Decode(ids));
        var open = tokenizer.EncodeChat([new ChatMessage("user", "a<|im_end|>")], specialTokensInContents: true);
        Assert.Equal(2, open.Count(id => id == 256));
    }

    [Fact]
    public void NeighbouringMessagesDoNotCompleteAControlToken()
    {
        var tokenizer = Load(Special, """{"eos_token": "<|im_end|>", "chat_template": "{% for m in messages %}{{ m['content'] }}{% endfor %}"}""");
        var ids = tokenizer.EncodeChat(new[] { "<|im_", "end|>", "<", "|im_end|>" }.Select(content => new ChatMessage("user", content)));
        Assert.DoesNotContain(256, ids);
        Assert.Equal("<|im_end|><|im_end|>", tokenizer.Decode(ids));
    }

    [Theory]
    [InlineData("""{"type": "Replace", "pattern": {"String": "a"}, "content": "LONG"}""")]
    [InlineData("""{"type": "Sequence", "normalizers": [DOUBLE]}""")]
    [InlineData("""{"type": "Sequence", "normalizers": [BYTES]}""")]
    public void StepsThatGrowATextWithoutBoundAreRefused(string normalizer)
    {
        const string Double = """{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}""";
        var steps = normalizer.Replace("LONG", new string('b', 1 << 20))
            .Replace("DOUBLE", string.Join(',', Enumerable.Repeat(Double, 20)))
            .Replace("BYTES", string.Join(',', Enumerable.Repeat("""{"type": "ByteLevel"}""", 30)));
        var tokenizer = Load("", normalizer: steps);
        Assert.Contains("characters of a text", Assert.Throws<TokenizerException>(() => tokenizer.Encode("aé")).Message);
    }

    [Fact]
    public void ManyMarksAreOrderedInTimeAndAsOneByOne()
    {
        var marks = string.Concat(Enumerable.Range(0, 200_000).Select(index => index % 2 == 0 ? '\u0301' : '\u0323'));
        var tokenizer = Load("", normalizer: """{"type": "NFD"}""");
        var text = tokenizer.Decode(tokenizer.Encode("a" + marks));
        Assert.Equal("a" + new string('\u0323', 100_000) + new string('\u0301', 100_000), text);
    }

    [Theory]
    [InlineData("""{"content": "LONG"}""", "at most 1000")]
    [InlineData("""{"content": "x1", "id": 3}""", "which is that of the token")]
    [InlineData("""{"content": "x1", "id": 300}, {"content": "x2", "id": 300}""", "which is that of the token 'x1'")]
    public void AddedTokensThatCannotBeMeantAreRefused(string added, string expected)
    {
        var error = Assert.Throws<TokenizerException>(() => Load(added.Replace("LONG", new string('x', 3 << 20))));
        Assert.Contains(expected, error.Message);
        Assert.True(error.Message.Length < 1000);
    }

    [Fact]
    public void SettingsOutOfRangeAreRefusedByName()
    {
        var tokenizer = Load(Special);
        EncodingOptions[] wrong =
        [
            new() { MaximumLength = -1 }, new() { MaximumLength = int.MaxValue }, new() { Stride = -1 }, new() { PadToMultipleOf = 0 },
            new() { Padding = (PaddingLength)9 },
            new() { Truncation = (TruncationStrategy)(-1) }, new() { PaddingSide = (TextSide)5 }, new() { TruncationSide = (TextSide)5 },
        ];
        Assert.All(wrong, options =>
            Assert.Contains("EncodingOptions.", Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.EncodeBatch(["a"], options)).Message));
    }

    [Fact]
    public void HalfASurrogatePairCountsAsTheReplacementCharacter()
    {
        var tokenizer = Load(Special);
        Assert.Equal(tokenizer.Encode("a\uFFFDb\uFFFD🙂"), tokenizer.Encode("a\uD800b\uDC00🙂"));
    }

    [Fact]
    public void FieldsOfAnyKindLoadOrGiveTheOneException()
    {
        string[] values =
        [
            "null", "true", "-1", "1e999", "\"\"", "\"x\"", "[]", "{}", "[1]", "[{}]", "{\"x\": 1}", "{\"type\": \"Sequence\"}", "[[\"a\"]]",
            "{\"content\": 5}",
        ];
        string[] fields =
        [
            "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "bos_token", "eos_token",
            "pad_token", "add_bos_token", "model_max_length",
            "padding_side", "chat_template", "extra_special_tokens", "added_tokens_decoder", "tokenizer_class", "add_prefix_space", "split_special_tokens",
            "unheard_of",
        ];
        foreach (var (field, value) in fields.SelectMany(field => values.Select(value => (field, value))))
        {
            using var folder = new TemporaryFolder("any");
            var json = $$"""{"{{field}}": {{value}}}""";
            folder.Write("tokenizer.json", $$"""{"model": {"vocab": {"a": 0}, "merges": []}, "{{field}}": {{value}}}""");
            folder.Write("tokenizer_config.json", json);
            try
            {
                TextTokenizer.Load(folder.Path, TokenizerConvention.Transformers).Encode("a a");
            }
            catch (TokenizerException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    // Every byte has a token, 0 to 255 in the order of the bytes; nothing merges.
    private static TextTokenizer Load(
        string added, string? configuration = null, TokenizerConvention convention = TokenizerConvention.Tokenizers, string normalizer = "null")
    {
        var next = 0x100;
        var vocabulary = Enumerable.Range(0, 256)
            .ToDictionary(value => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? ((char)value).ToString() : ((char)next++).ToString());
        using var folder = new TemporaryFolder("promises");
        folder.Write("tokenizer.json", string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            {"version": "1.0", "added_tokens": [{{{added}}}], "normalizer": {{{normalizer}}}, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
             "decoder": {"type": "ByteLevel"}, "model": {"type": "BPE", "vocab": {{{JsonSerializer.Serialize(vocabulary, JsonForm.Plain)}}}, "merges": []}}
            """));
        if (configuration is not null)
        {
            folder.Write("tokenizer_config.json", configuration);
        }

        return TextTokenizer.Load(folder.Path, convention);
    }
}
