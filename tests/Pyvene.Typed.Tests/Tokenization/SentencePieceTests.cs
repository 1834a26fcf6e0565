using System.Buffers.Binary;
using System.Text;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>
/// Folders with tokenizer.model alone; ids and texts are those of the converters of transformers 4.57.6 (convert_slow_tokenizer.py) on the same pieces.
/// </summary>
public sealed class SentencePieceTests
{
    private const int Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Byte = 6; // kinds of pieces
    private const int Unigram = 1, BytePair = 2, Word = 3; // kinds of models

    private static readonly string[] Words =
    [
        "\u2581h", "\u2581w", "ll", "lo", "he", "\u2581he", "llo", "\u2581hello", "wo", "rl", "or", "\u2581wor", "ld", "\u2581world", "at",
        "\u2581at", "\u2581a", "\u2581\u2581", "ss", "sss", "\u2581\u2581\u2581", "aa", "aaa",
    ];

    private static readonly string[] Letters = ["\u2581", "h", "e", "l", "o", "w", "r", "d", "a", "t", "s", "\u00e9", "\u65e5"];

    [Theory]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", true, "hello world",
        "1 266 260 286 268 289", "hello world")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", true, "  hello  world ",
        "1 276 266 282 260 286 268 289 282", "  hello  world ")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", true, "hello<sep>world <s> hello",
        "1 266 295 260 286 268 289 282 1 282 266", "hello<sep> world   hello")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", true, "\u00e9\u65e5x\thello\n",
        "1 282 293 294 123 12 263 265 13", "\u00e9\u65e5x\thello\n")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", true, "aaaa ssss sssss",
        "1 275 281 282 277 277 282 277 278", "aaaa ssss sssss")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", true, "<start_of_turn>hello<0x41>",
        "1 282 63 292 291 290 288 291 98 286 105 98 291 120 288 113 65 263 265 63 51 123 55 52 65", "<start_of_turn>hello<0x41>")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", true, "at  at[tool]at",
        "1 274 282 274 296 274", "at  at at")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "legacy": false}""", true, "hello world",
        "1 266 260 286 268 289", "hello world")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "legacy": false}""", true, "  hello  world ",
        "1 282 266 282 260 286 268 289 282", " hello  world ")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "legacy": false}""", true, "hello<sep>world <s> hello",
        "1 266 295 267 268 289 282 1 266", "hello<sep>world  hello")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "legacy": false}""", true, "\u00e9\u65e5x\thello\n",
        "1 282 293 294 123 12 263 265 13", "\u00e9\u65e5x\thello\n")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "legacy": false}""", true, "aaaa ssss sssss",
        "1 275 281 282 277 277 282 277 278", "aaaa ssss sssss")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "legacy": false}""", true, "<start_of_turn>hello<0x41>",
        "1 282 63 292 291 290 288 291 98 286 105 98 291 120 288 113 65 263 265 63 51 123 55 52 65", "<start_of_turn>hello<0x41>")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "legacy": false}""", true, "at  at[tool]at",
        "1 274 282 274 296 273", "at  atat")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "add_prefix_space": false}""", true, "hello world",
        "1 263 265 260 286 268 289", "hello world")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "add_prefix_space": false}""", true, "  hello  world ",
        "1 282 266 282 260 286 268 289 282", "  hello  world ")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "add_prefix_space": false}""", true, "hello<sep>world <s> hello",
        "1 263 265 295 267 268 289 282 1 266", "hello<sep>world  hello")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "add_prefix_space": false}""", true, "aaaa ssss sssss",
        "1 280 280 282 277 277 282 277 278", "aaaa ssss sssss")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "add_prefix_space": false}""", true, "at  at[tool]at",
        "1 273 282 274 296 273", "at  atat")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "legacy": false, "add_prefix_space": false}""", true, "hello world",
        "1 263 265 260 286 268 289", "hello world")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "legacy": false, "add_prefix_space": false}""", true, "  hello  world ",
        "1 282 266 282 260 286 268 289 282", "  hello  world ")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "legacy": false, "add_prefix_space": false}""", true, "hello<sep>world <s> hello",
        "1 263 265 295 267 268 289 282 1 266", "hello<sep>world  hello")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "legacy": false, "add_prefix_space": false}""", true, "aaaa ssss sssss",
        "1 280 280 282 277 277 282 277 278", "aaaa ssss sssss")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "legacy": false, "add_prefix_space": false}""", true, "at  at[tool]at",
        "1 273 282 274 296 273", "at  atat")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", false, "hello world",
        "1 266 272", "hello world")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", false, "  hello  world ",
        "1 276 266 282 272 282", "  hello  world ")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", false, "hello<sep>world <s> hello",
        "1 266 295 272 282 1 282 266", "hello<sep> world   hello")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", false, "\u00e9\u65e5x\thello\n",
        "1 282 293 294 123 12 263 265 13", "\u00e9\u65e5x\thello\n")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", false, "aaaa ssss sssss",
        "1 275 281 282 277 277 282 277 278", "aaaa ssss sssss")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", false, "<start_of_turn>hello<0x41>",
        "1 282 63 292 291 290 288 291 98 286 105 98 291 120 288 113 65 263 265 68", "<start_of_turn>helloA")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", false, "at  at[tool]at",
        "1 274 276 273 296 274", "at  at at")]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer"}""", true, "hello world",
        "2 266 268 263 289 271 292", "hello world")]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer"}""", true, "  hello  world ",
        "2 285 269 285 263 289 271 292 285", "  hello  world ")]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer"}""", true, "hello<sep>world <s> hello",
        "2 266 268 66 295 287 118 68 270 271 292 285 66 295 68 269", "hello<sep>world <s> hello")]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer"}""", true, "\u00e9\u65e5x\thello\n",
        "2 296 297 126 15 266 268 16", "\u00e9\u65e5x\thello\n")]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer"}""", true, "aaaa ssss sssss",
        "2 283 283 285 280 280 285 280 281", "aaaa ssss sssss")]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer"}""", true, "<start_of_turn>hello<0x41>",
        "2 4 266 268 66 54 126 58 55 68", "hello<0x41>")]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer"}""", true, "at  at[tool]at",
        "2 276 285 277 97 294 289 289 288 99 276", "at  at[tool]at")]
    public void TheIdsAreThoseOfTransformers(string config, bool isBytePair, string text, string ids, string decoded)
    {
        using var folder = new TemporaryFolder("pieces");
        var isGemma = config.Contains("Gemma", StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), Model(isGemma ? Gemma() : Llama(isBytePair), isBytePair ? BytePair : Unigram));
        folder.Write("tokenizer_config.json", config);

        var tokenizer = TextTokenizer.Load(folder.Path);

        Assert.Empty(tokenizer.Unread);
        Assert.Equal(ids, string.Join(' ', tokenizer.Encode(text)));
        Assert.Equal(decoded, tokenizer.Decode(tokenizer.Encode(text), skipSpecialTokens: true));
    }

    [Theory]
    [InlineData("llama", "1 266 260 286 268 289")]
    [InlineData("gemma2", "2 266 268 263 289 271 292")]
    public void WhereNoFileNamesTheClassTheModelSaysIt(string modelType, string ids)
    {
        using var folder = new TemporaryFolder("pieces");
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), Model(modelType == "llama" ? Llama(true) : Gemma(), BytePair));
        folder.Write("config.json", $$"""{"model_type": "{{modelType}}"}""");

        Assert.Equal(ids, string.Join(' ', TextTokenizer.Load(folder.Path).Encode("hello world")));
    }

    [Fact]
    public void WhatSentencePieceFollowsAndTransformersDoesNotIsTold()
    {
        using var folder = new TemporaryFolder("pieces");
        var normalizer = Field(3, [.. Field(2, [1, 2, 3]), .. Field(4, 1)]);
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), [.. Model(Llama(true), BytePair), .. normalizer]);
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "LlamaTokenizer"}""");

        Assert.Equal(
            ["tokenizer.model: normalizer_spec.precompiled_charsmap", "tokenizer.model: normalizer_spec.remove_extra_whitespaces"],
            TextTokenizer.Load(folder.Path).Unread);
    }

    [Theory]
    [InlineData("T5Tokenizer", BytePair, "how 'T5Tokenizer' reads tokenizer.model is not known here")]
    [InlineData(null, BytePair, "no file names the tokenizer's class")]
    [InlineData("LlamaTokenizer", Word, "the model 'word' is not supported; unigram and bpe are")]
    public void WhatIsNotUnderstoodIsRefusedByName(string? name, int model, string expected)
    {
        using var folder = new TemporaryFolder("pieces");
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), Model(Llama(true), model));
        folder.Write("tokenizer_config.json", name is null ? "{}" : $$"""{"tokenizer_class": "{{name}}"}""");

        var error = Assert.Throws<TokenizerException>(() => TextTokenizer.Load(folder.Path));

        Assert.True(error.IsUnsupported);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1A00", "it has no pieces")]
    [InlineData("0A05", "byte 0: field 1 has 5 bytes, but only 0 are left")]
    [InlineData("0AFFFFFFFFFFFFFFFFFF01", "byte 0: field 1 has 18446744073709551615 bytes, but only 0 are left")]
    [InlineData("0AFF", "byte 0: a number has no end")]
    [InlineData("0A00", "byte 0: piece 0 has no text")]
    [InlineData("0A030A01FF", "byte 2: a text is not UTF-8")]
    [InlineData("0A080A0161150000807F", "byte 5: the score of a piece is")]
    [InlineData("0A030A0161", "it has 1 pieces; the first 3")]
    [InlineData("0801", "byte 0: field 1 must be a message")]
    [InlineData("0B", "byte 0: field 1 is of the kind 3, which is not known")]
    [InlineData("00", "byte 0: a field has no number")]
    [InlineData("0A030A01611203BA06", "byte 5: field 2 has 3 bytes, but only 2 are left")]
    public void ABrokenFileIsRefusedWithItsByte(string hex, string expected)
    {
        using var folder = new TemporaryFolder("pieces");
        File.WriteAllBytes(Path.Combine(folder.Path, "tokenizer.model"), Convert.FromHexString(hex));
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "LlamaTokenizer"}""");

        var error = Assert.Throws<TokenizerException>(() => TextTokenizer.Load(folder.Path));

        Assert.Contains("tokenizer.model'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, float, int)> Llama(bool isBytePair) =>
    [
        ("<unk>", 0, Unknown), ("<s>", 0, Control), ("</s>", 0, Control), .. Bytes(),
        .. Words.Select((word, index) => (word, isBytePair ? -index : (float)(-2 - (0.3 * index)), Normal)),
        .. Letters.Select((letter, index) => (letter, isBytePair ? -index - Words.Length : (float)(-6 - (0.1 * (index + Words.Length))), Normal)),
        ("<sep>", 0, UserDefined), ("[tool]", 0, Control),
    ];

    private static IEnumerable<(string, float, int)> Gemma() =>
    [
        ("<pad>", 0, Control), ("<eos>", 0, Control), ("<bos>", 0, Control), ("<unk>", 0, Unknown), ("<start_of_turn>", 0, UserDefined),
        ("<extra>", 0, UserDefined), .. Bytes(), .. Words.Concat(Letters).Select((piece, index) => (piece, (float)-index, Normal)),
    ];

    private static IEnumerable<(string, float, int)> Bytes() => Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0F, Byte));

    private static byte[] Model(IEnumerable<(string Text, float Score, int Kind)> pieces, int kind)
    {
        var bytes = new List<byte>();
        foreach (var (text, score, pieceKind) in pieces)
        {
            var number = new byte[sizeof(float)];
            BinaryPrimitives.WriteSingleLittleEndian(number, score);
            byte[] piece = [.. Field(1, Encoding.UTF8.GetBytes(text)), (2 << 3) | 5, .. number, .. Field(3, pieceKind)];
            bytes.AddRange(Field(1, piece));
        }

        return [.. bytes, .. Field(2, Field(3, kind)), .. Field(3, Field(4, 0))];
    }

    private static byte[] Field(int number, byte[] content) => [.. Number((number << 3) | 2), .. Number(content.Length), .. content];

    private static byte[] Field(int number, int value) => [.. Number(number << 3), .. Number(value)];

    private static byte[] Number(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Number(value >> 7)];
}
