using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Checkpoints.Gguf;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.AddedTokens;
using Pyvene.Typed.Tokenization.Decoders;
using Pyvene.Typed.Tokenization.Models;
using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.PostProcessors;
using Pyvene.Typed.Tokenization.PreTokenizers;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads the tokenizer in the metadata of a GGUF file.</summary>
internal sealed class GgufTokenizerReader
{
    private const string Prefix = "tokenizer.ggml.";
    private const int Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6; // kinds of tokens

    private static readonly (string Key, string Role)[] Roles =
    [
        ("bos", "bos_token"), ("eos", "eos_token"), ("unknown", "unk_token"), ("padding", "pad_token"), ("seperator", "sep_token"), ("cls", "cls_token"),
        ("mask", "mask_token"),
    ];

    private static readonly HashSet<string> Followed = new(StringComparer.Ordinal)
    {
        "model", "pre", "tokens", "scores", "token_type", "merges", "add_bos_token", "add_eos_token", "add_space_prefix", "token_type_count",
        "eot_token_id", "eom_token_id", "prefix_token_id", "suffix_token_id", "middle_token_id", "fim_pre_token_id", "fim_suf_token_id", "fim_mid_token_id",
        "fim_pad_token_id", "fim_rep_token_id", "fim_sep_token_id",
    };

    private readonly GgufMetadata metadata;
    private readonly string[] tokens;
    private readonly int[]? types;
    private readonly Vocabulary vocabulary;

    private GgufTokenizerReader(GgufMetadata metadata)
    {
        this.metadata = metadata;
        tokens = metadata.List<string>(Prefix + "tokens") ?? throw Wrong("tokens", "it is missing: the file has no tokenizer");
        types = metadata.List<int>(Prefix + "token_type");
        if (types is not null && types.Length != tokens.Length)
        {
            throw Wrong("token_type", $"it has {types.Length} entries, but there are {tokens.Length} tokens");
        }

        vocabulary = new Vocabulary(tokens);
    }

    /// <summary>Returns whether a file has a tokenizer.</summary>
    public static bool IsIn(string path)
    {
        using var file = GgufFile.Open(path);
        return file.Metadata.ContainsKey(Prefix + "tokens");
    }

    /// <summary>Reads the tokenizer.</summary>
    /// <param name="path">The file; of a split one the first part.</param>
    /// <exception cref="CheckpointException">The file is malformed.</exception>
    /// <exception cref="TokenizerException">The tokenizer is malformed, or of a kind that is not known.</exception>
    public static (TokenizationPipeline Pipeline, SpecialTokens Special) Read(string path)
    {
        using var file = GgufFile.Open(path);
        return new GgufTokenizerReader(new GgufMetadata(path, file.Metadata)).Read();
    }

    private (TokenizationPipeline Pipeline, SpecialTokens Special) Read()
    {
        var roles = Roles.Select(role => (role.Role, Id: Id(role.Key))).Where(role => role.Id is not null)
            .Select(role => (role.Role, tokens[role.Id!.Value])).ToArray();
        var special = SpecialTokens.Of(roles, metadata.Text("tokenizer.chat_template"));
        special.Tell(metadata.Path, metadata.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)
            && !Followed.Contains(key[Prefix.Length..]) && !Roles.Any(role => key == $"{Prefix}{role.Key}_token_id")));
        var kind = metadata.Text(Prefix + "model") ?? throw Wrong("model", "it is missing");
        return kind switch
        {
            "gpt2" => (ReadByteLevel(special), special),
            "llama" => (ReadSentencePiece(special), special),
            _ => throw Wrong("model", $"the tokenizer '{Excerpt.Of(kind)}' is not supported; gpt2 and llama are", isUnsupported: true),
        };
    }

    private TokenizationPipeline ReadByteLevel(SpecialTokens special)
    {
        var name = metadata.Text(Prefix + "pre");
        var cuts = name is null ? null : GgufPreTokenizers.Find(name);
        if (cuts is null)
        {
            throw Wrong("pre", $"{(name is null ? "it is missing" : $"it is '{Excerpt.Of(name)}'")}, so it is not known how texts are cut before they are "
                + $"merged, and ids would be guessed; known are {GgufPreTokenizers.Names}. Convert the model again, or load it without its tokenizer",
                isUnsupported: true);
        }

        var merges = metadata.List<string>(Prefix + "merges") ?? throw Wrong("merges", "it is missing");
        var model = new BytePairModel(
            vocabulary,
            BytePairReader.ReadMerges(merges, vocabulary, metadata.Path, Prefix + "merges"),
            new BytePairOptions { IgnoreMerges = cuts.IgnoresMerges });
        var normalizer = cuts.Form is { } form ? new UnicodeNormalizer(form) : null;
        return new TokenizationPipeline(model, Added(special), normalizer, cuts.Create(), Edges(cuts.AddsBos), new ByteLevelDecoder());
    }

    private TokenizationPipeline ReadSentencePiece(SpecialTokens special)
    {
        var scores = metadata.List<float>(Prefix + "scores") ?? throw Wrong("scores", "it is missing");
        if (scores.Length != tokens.Length)
        {
            throw Wrong("scores", $"it has {scores.Length} entries, but there are {tokens.Length} tokens");
        }

        var hasBytes = Enumerable.Range(0, tokens.Length).Any(id => TypeOf(id) == Byte);
        var unknown = Id("unknown") ?? (tokens.Length > 0 ? 0 : null);
        var model = new BytePairModel(
            vocabulary,
            ScoredMerges.Make(
                vocabulary,
                scores,
                id => TypeOf(id) is not (Unknown or Control or Unused or Byte),
                leftmostFirst: true,
                id => ($"{Prefix}tokens[{id}]", metadata.Path)),
            new BytePairOptions { UnknownToken = unknown is { } id ? tokens[id] : null, FuseUnknown = true, ByteFallback = hasBytes });
        var hasPrefix = metadata.Flag(Prefix + "add_space_prefix") ?? true;
        return new TokenizationPipeline(
            model,
            Added(special),
            NormalizerReader.SentencePiece(hasPrefix),
            PreTokenizer: null,
            Edges(addsBos: true),
            DecoderReader.SentencePiece(hasPrefix));
    }

    private AddedVocabulary Added(SpecialTokens special)
    {
        var specs = Enumerable.Range(0, tokens.Length)
            .Where(id => TypeOf(id) is Unknown or Control or UserDefined && tokens[id].Length is > 0 and <= AddedTokenSpec.LongestContent)
            .Select(id => new AddedTokenSpec(tokens[id]) { Id = id, IsSpecial = TypeOf(id) != UserDefined });
        return new AddedVocabulary(PipelineReader.AssignIds([.. specs, .. special.Added], vocabulary, metadata.Path), normalizer: null);
    }

    private TemplatePostProcessor? Edges(bool addsBos)
    {
        TemplatePiece[] Edge(string key, bool isAdded, int type) => !isAdded ? []
            : [new(null, [Id(key) ?? throw Wrong($"{key}_token_id", $"it is missing, but 'add_{key}_token' wants the token")], type)];

        TemplatePiece[] Text(int index) =>
        [
            .. Edge("bos", metadata.Flag(Prefix + "add_bos_token") ?? addsBos, index), new(index, [], index),
            .. Edge("eos", metadata.Flag(Prefix + "add_eos_token") ?? false, index),
        ];

        return Text(0) is { Length: 1 } ? null : new TemplatePostProcessor(Text(0), [.. Text(0), .. Text(1)]);
    }

    private int? Id(string role)
    {
        var id = metadata.Whole($"{Prefix}{role}_token_id");
        return id is null || (id >= 0 && id < tokens.Length)
            ? (int?)id
            : throw Wrong($"{role}_token_id", $"no token has the id {id}; there are {tokens.Length}");
    }

    private int TypeOf(int id) => types?[id] ?? 1;

    private TokenizerException Wrong(string key, string message, bool isUnsupported = false) =>
        new(message, metadata.Path, Prefix + key, isUnsupported: isUnsupported);
}
