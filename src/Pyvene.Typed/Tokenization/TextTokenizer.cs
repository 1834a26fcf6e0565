using Microsoft.ML.Tokenizers;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.ChatTemplates;
using Pyvene.Typed.Tokenization.PostProcessors;
using Pyvene.Typed.Tokenization.Reading;

namespace Pyvene.Typed.Tokenization;

/// <summary>The tokenizer of a model: text to ids and back, as Hugging Face's tokenizers do it. Thread-safe.</summary>
public sealed partial class TextTokenizer
{
    private readonly TokenizationPipeline pipeline;
    private readonly SpecialTokens special;
    private readonly Lazy<ChatTemplate?> chatTemplate;

    private TextTokenizer(TokenizationPipeline pipeline, SpecialTokens special, TokenizerConvention convention)
    {
        this.pipeline = pipeline;
        this.special = special;
        chatTemplate = new Lazy<ChatTemplate?>(() => special.ChatTemplate is { } source ? ChatTemplate.Parse(source) : null);
        Convention = convention;
        Inner = new PipelineTokenizer(pipeline);
        BosTokenId = IdOf(special["bos_token"]);
        EosTokenId = IdOf(special["eos_token"]);
        UnknownTokenId = IdOf(special["unk_token"]);
        PadTokenId = IdOf(special["pad_token"]) ?? EosTokenId;
    }

    /// <summary>Gets which of Hugging Face's libraries it follows.</summary>
    public TokenizerConvention Convention { get; }

    /// <summary>Gets the number of ids: every id is smaller.</summary>
    public int VocabularySize => pipeline.IdLimit;

    /// <summary>Gets the id of the token that begins a text.</summary>
    /// <value>Null where the tokenizer names none.</value>
    public int? BosTokenId { get; }

    /// <summary>Gets the id of the token that ends a text.</summary>
    /// <value>Null where the tokenizer names none.</value>
    public int? EosTokenId { get; }

    /// <summary>Gets the id of the token that fills up rows.</summary>
    /// <value>That of <see cref="EosTokenId"/> where the tokenizer names none; null where it names neither.</value>
    public int? PadTokenId { get; }

    /// <summary>Gets the id of the token that stands for what has no token.</summary>
    /// <value>Null where the tokenizer names none.</value>
    public int? UnknownTokenId { get; }

    /// <summary>Gets the same tokenizer as one of <c>Microsoft.ML.Tokenizers</c>; it adds no special tokens.</summary>
    public Tokenizer Inner { get; }

    /// <summary>Loads the tokenizer of a model's folder: <c>tokenizer.json</c>, or else <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <param name="folder">The folder; what <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> <c>added_tokens.json</c> and <c>chat_template.jinja</c> say is heeded.</param>
    /// <param name="convention">Which of Hugging Face's libraries to follow where they differ.</param>
    /// <remarks>Truncation and padding that a <c>tokenizer.json</c> sets are not applied; they are asked for with <see cref="EncodingOptions"/>.</remarks>
    /// <exception cref="TokenizerException">A file is missing, malformed, or asks for what is not supported.</exception>
    public static TextTokenizer Load(string folder, TokenizerConvention convention = TokenizerConvention.Tokenizers)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var special = SpecialTokens.Read(folder);
        return new TextTokenizer(PipelineReader.Read(folder, special, convention), special, convention);
    }

    /// <summary>Gives the ids of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecialTokens">Whether the tokenizer's special tokens are added, such as one that begins the text.</param>
    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var records = Process([pipeline.Tokenize(text, tracksOffsets: false)], addSpecialTokens);
        var ids = new int[records.Count];
        for (var index = 0; index < ids.Length; index++)
        {
            ids[index] = records[index].Id;
        }

        return ids;
    }

    /// <summary>Gives the tokens of a text with what each of them stands for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecialTokens">Whether the tokenizer's special tokens are added.</param>
    public TokenEncoding EncodeWithOffsets(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TokenEncoding(Process([pipeline.Tokenize(text, tracksOffsets: true)], addSpecialTokens), pipeline, text);
    }

    /// <summary>Gives the tokens of a pair of texts, joined as the tokenizer joins pairs.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="addSpecialTokens">Whether the tokenizer's special tokens are added.</param>
    public TokenEncoding EncodePair(string text, string pair, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(pair);
        return !IsPair(pair) ? EncodeWithOffsets(text, addSpecialTokens) : new TokenEncoding(
            Process([pipeline.Tokenize(text, tracksOffsets: true), pipeline.Tokenize(pair, tracksOffsets: true, sequence: 1)], addSpecialTokens),
            pipeline,
            text,
            pair);
    }

    /// <summary>Gives the text of ids; an id without a token is left out.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <param name="cleanUp">Whether spaces before punctuation and English contractions are taken out, as transformers' clean-up does.</param>
    /// <returns>The text; bytes that are no UTF-8 are U+FFFD.</returns>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = false, bool cleanUp = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var text = pipeline.Decode(ids, skipSpecialTokens);
        return cleanUp ? CleanUp(text) : text;
    }

    /// <summary>Gives the text of one token, <c>" Rome"</c> with its space.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="ArgumentOutOfRangeException">No token has this id.</exception>
    public string TokenText(int id) => pipeline.Token(id) is null
        ? throw new ArgumentOutOfRangeException(nameof(id), id, $"No token has this id; the tokenizer's ids are smaller than {VocabularySize}.")
        : pipeline.Decode([id], skipSpecialTokens: false);

    /// <summary>Gives one token as the vocabulary spells it: <c>ĠRome</c> for " Rome" in a byte-level one.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The token; null where no token has this id.</returns>
    public string? VocabularyToken(int id) => pipeline.Token(id);

    /// <summary>Finds the token that a text is, if it is exactly one.</summary>
    /// <param name="tokenText">The text, <c>" Rome"</c> with its space.</param>
    /// <param name="id">Its id; 0 where there is none.</param>
    /// <returns>Whether the text is exactly one token.</returns>
    public bool TryGetId(string tokenText, out int id)
    {
        ArgumentNullException.ThrowIfNull(tokenText);
        var records = pipeline.Tokenize(tokenText, tracksOffsets: false);
        var isOne = records.Count == 1 && TokenText(records[0].Id) == tokenText;
        id = isOne ? records[0].Id : 0;
        return isOne;
    }

    // The list and its order are transformers' clean_up_tokenization.
    private static string CleanUp(string text) => text
        .Replace(" .", ".").Replace(" ?", "?").Replace(" !", "!").Replace(" ,", ",").Replace(" ' ", "'")
        .Replace(" n't", "n't").Replace(" 'm", "'m").Replace(" 's", "'s").Replace(" 've", "'ve").Replace(" 're", "'re");

    private int? IdOf(string? token) => token is null ? null : pipeline.Id(token);

    private List<TokenRecord> Process(List<List<TokenRecord>> texts, bool addSpecialTokens)
    {
        var processed = pipeline.PostProcessor?.Process(texts, addSpecialTokens) ?? texts;
        return processed.Count == 1 ? processed[0] : [.. processed.SelectMany(text => text)];
    }
}
