using Microsoft.ML.Tokenizers;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.AddedTokens;
using Pyvene.Typed.Tokenization.ChatTemplates;
using Pyvene.Typed.Tokenization.Decoders;
using Pyvene.Typed.Tokenization.PostProcessors;
using Pyvene.Typed.Tokenization.Reading;

namespace Pyvene.Typed.Tokenization;

/// <summary>The tokenizer of a model: text to ids and back, as Hugging Face's tokenizers do it. Thread-safe.</summary>
public sealed partial class TextTokenizer
{
    private readonly TokenizationPipeline pipeline;
    private readonly SpecialTokens special;
    private readonly Lazy<ChatTemplate?> chatTemplate;
    private readonly HashSet<int> controlIds;

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
        controlIds = [.. special.ByRole.Select(entry => pipeline.Id(entry.Token) ?? -1)];
        FollowsConfiguration = convention == TokenizerConvention.Transformers;
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

    /// <summary>Gets the fields of the tokenizer's files that nothing here reads, and that are not known to change nothing.</summary>
    /// <value>Fields of <c>tokenizer.json</c>, <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>, each behind its file:
    /// <c>tokenizer_config.json: do_lower_case</c>. A flag that is
    /// set and that the tokenizer's class in transformers does not read is among them.</value>
    public IReadOnlyList<string> Unread => special.Unread;

    /// <summary>Gets the same tokenizer as one of <c>Microsoft.ML.Tokenizers</c>; it adds no special tokens.</summary>
    public Tokenizer Inner { get; }

    /// <summary>Loads the tokenizer of a model's folder: <c>tokenizer.json</c>, else <c>vocab.json</c> and <c>merges.txt</c>, else <c>vocab.txt</c>,
    /// else <c>tokenizer.model</c>.</summary>
    /// <param name="folder">The folder, or a GGUF file, which a folder without the first of those files may hold too; what
    /// <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>, <c>added_tokens.json</c> and
    /// <c>chat_template.jinja</c> say is heeded.</param>
    /// <param name="convention">Which of Hugging Face's libraries to follow where they differ.</param>
    /// <remarks>Truncation and padding that a <c>tokenizer.json</c> sets are not applied; they are asked for with <see cref="EncodingOptions"/>.</remarks>
    /// <exception cref="TokenizerException">A file is missing, malformed, or asks for what is not supported.</exception>
    /// <exception cref="CheckpointException">A GGUF file is malformed, or the folder holds several.</exception>
    public static TextTokenizer Load(string folder, TokenizerConvention convention = TokenizerConvention.Tokenizers)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!PipelineReader.IsBeforeGguf(folder) && Checkpoints.Gguf.GgufShards.Find(folder) is { } gguf
            && (GgufTokenizerReader.IsIn(gguf) || !PipelineReader.IsIn(folder)))
        {
            var (pipeline, tokens) = GgufTokenizerReader.Read(gguf);
            return new TextTokenizer(pipeline, tokens, convention);
        }

        var special = SpecialTokens.Read(folder);
        return new TextTokenizer(PipelineReader.Read(folder, special, convention), special, convention);
    }

    /// <summary>Returns whether there is a tokenizer to <see cref="Load"/>.</summary>
    /// <param name="folder">The folder or file.</param>
    internal static bool IsIn(string folder) =>
        PipelineReader.IsIn(folder) || (Checkpoints.Gguf.GgufShards.Find(folder) is { } gguf && GgufTokenizerReader.IsIn(gguf));

    /// <summary>Gives the ids of a text.</summary>
    /// <param name="text">The text; half of a surrogate pair counts as U+FFFD.</param>
    /// <param name="addSpecialTokens">Whether the tokenizer's special tokens are added, such as one that begins the text.</param>
    /// <param name="specialTokensAsText">Whether a special token that is written in the text, <c>&lt;|im_end|&gt;</c>, is text like any other;
    /// <see langword="null"/> = it is a token, unless the
    /// tokenizer's <c>split_special_tokens</c> says otherwise under <see cref="TokenizerConvention.Transformers"/>. Say <see langword="true"/> for text that
    /// you did not write.</param>
    /// <exception cref="TokenizerException">The tokenizer's own steps make far too much of the text, or its pattern backtracks without end.</exception>
    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true, bool? specialTokensAsText = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Ids(Process([Tokenize(text, 0, false, specialTokensAsText)], addSpecialTokens));
    }

    private static int[] Ids(List<TokenRecord> records)
    {
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
    /// <param name="specialTokensAsText">Whether a special token that is written in the text is text like any other; as in <see cref="Encode"/>.</param>
    public TokenEncoding EncodeWithOffsets(string text, bool addSpecialTokens = true, bool? specialTokensAsText = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TokenEncoding(Process([Tokenize(text, 0, true, specialTokensAsText)], addSpecialTokens), pipeline, text);
    }

    /// <summary>Gives the tokens of a pair of texts, joined as the tokenizer joins pairs.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="pair">The second text.</param>
    /// <param name="addSpecialTokens">Whether the tokenizer's special tokens are added.</param>
    /// <param name="specialTokensAsText">Whether a special token that is written in a text is text like any other; as in <see cref="Encode"/>.</param>
    public TokenEncoding EncodePair(string text, string pair, bool addSpecialTokens = true, bool? specialTokensAsText = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(pair);
        return !IsPair(pair) ? EncodeWithOffsets(text, addSpecialTokens, specialTokensAsText) : new TokenEncoding(
            Process([Tokenize(text, 0, true, specialTokensAsText), Tokenize(pair, 1, true, specialTokensAsText)], addSpecialTokens),
            pipeline,
            text,
            pair);
    }

    /// <summary>Gives the text of ids; an id without a token is left out.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <param name="cleanUp">Whether spaces before punctuation and English contractions are taken out, as transformers' clean-up does; <see langword="null"/> =
    /// as the tokenizer's
    /// <c>clean_up_tokenization_spaces</c> says under <see cref="TokenizerConvention.Transformers"/>, else not.</param>
    /// <param name="addedTokensAsBytes">Whether the letters of an added token are read as bytes where all of them are letters of the byte alphabet, so that
    /// <c>đem</c> becomes U+0011 and
    /// <c>em</c>. Hugging Face's library tokenizers 0.22 does this, and its recorded answers hold for <see cref="TokenizerConvention.Tokenizers"/> with this
    /// set; the default is the token's text.</param>
    /// <returns>The text; bytes that are no UTF-8 are U+FFFD.</returns>
    /// <exception cref="ArgumentException"><paramref name="addedTokensAsBytes"/> is set under <see cref="TokenizerConvention.Transformers"/>.</exception>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = false, bool? cleanUp = null, bool addedTokensAsBytes = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (addedTokensAsBytes && FollowsConfiguration)
        {
            throw new ArgumentException(
                "Added tokens are read as bytes under TokenizerConvention.Tokenizers only; load the tokenizer with it.", nameof(addedTokensAsBytes));
        }

        var text = pipeline.Decode(ids, skipSpecialTokens, addedTokensAsBytes);
        return cleanUp ?? CleansUp ? EnglishSpacing.Close(text, withDoNot: false) : text;
    }

    /// <summary>Gives how much of the text of some tokens stays as it is whatever tokens follow.</summary>
    /// <param name="text">What <see cref="Decode"/> gives for the tokens so far.</param>
    internal int SettledLength(string text)
    {
        var whole = text.AsSpan().TrimEnd('\uFFFD').Length; // the last character may lack bytes
        return CleansUp ? Math.Max(0, whole - CleanUpReach) : whole;
    }

    private bool FollowsConfiguration { get; }

    private bool CleansUp => FollowsConfiguration && special.CleanUp;

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
        var records = Tokenize(tokenText, 0, false, specialTokensAsText: false);
        var isOne = records.Count == 1 && TokenText(records[0].Id) == tokenText;
        id = isOne ? records[0].Id : 0;
        return isOne;
    }

    // How far the replacements below look ahead, all together: the sum of their lengths, less one each.
    private const int CleanUpReach = 19;

    private List<TokenRecord> Tokenize(string text, int sequence, bool tracksOffsets, bool? specialTokensAsText) => pipeline.Tokenize(
        text, tracksOffsets, sequence, specialTokensAsText ?? (FollowsConfiguration && special.SplitSpecialTokens) ? (token, _) => IsControl(token) : null);

    private bool IsControl(AddedToken token) => token.IsSpecial || controlIds.Contains(token.Id);

    private int? IdOf(string? token) => token is null ? null : pipeline.Id(token);

    private List<TokenRecord> Process(List<List<TokenRecord>> texts, bool addSpecialTokens)
    {
        var processed = pipeline.PostProcessor?.Process(texts, addSpecialTokens) ?? texts;
        return processed.Count == 1 ? processed[0] : [.. processed.SelectMany(text => text)];
    }
}
