using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.AddedTokens;
using Pyvene.Typed.Tokenization.Models;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads a tokenizer from the folder of a model.</summary>
internal static class PipelineReader
{
    // An added token beyond this distance from all others is a broken file, not a token.
    private const int LargestGap = 1 << 20;

    /// <summary>Returns whether a folder has the files of a tokenizer.</summary>
    public static bool IsIn(string folder) => IsBeforeGguf(folder) || Has(folder, "vocab.txt") || Has(folder, "tokenizer.model");

    /// <summary>Returns whether it has files of a tokenizer that count more than one inside of weights.</summary>
    public static bool IsBeforeGguf(string folder) => Has(folder, "tokenizer.json") || Has(folder, "vocab.json");

    public static TokenizationPipeline Read(string folder, SpecialTokens special, TokenizerConvention convention)
    {
        var json = Path.Combine(folder, "tokenizer.json");
        var vocabulary = Path.Combine(folder, "vocab.json");
        var merges = Path.Combine(folder, "merges.txt");
        if (File.Exists(json))
        {
            var root = TokenizerFile.Read(json);
            special.Tell(json, TokenizerFields.CheckTokenizer(root));
            return ReadJson(root, convention == TokenizerConvention.Transformers ? special : null);
        }

        special.AssumeClass(folder); // these files leave all but the vocabulary to the class
        var words = Path.Combine(folder, "vocab.txt");
        var pieces = Path.Combine(folder, "tokenizer.model");
        return File.Exists(vocabulary) && File.Exists(merges) ? VocabularyAndMergesReader.Read(vocabulary, merges, special)
            : File.Exists(words) ? WordListReader.Read(words, special)
            : File.Exists(pieces) ? SentencePieceReader.Read(pieces, special)
            : throw new TokenizerException(
                $"The folder '{folder}' holds no tokenizer: neither tokenizer.json nor vocab.json with merges.txt nor vocab.txt nor tokenizer.model "
                    + "is there.");
    }

    private static bool Has(string folder, string file) => File.Exists(Path.Combine(folder, file));

    /// <param name="root">The file.</param>
    /// <param name="special">What the configuration adds and changes; null lets the file alone decide.</param>
    private static TokenizationPipeline ReadJson(JsonPlace root, SpecialTokens? special)
    {
        var model = ReadModel(root["model"]);
        var normalizer = NormalizerReader.Read(
            root["normalizer"], BertNormalization.IsReadBy(special?.TokenizerClass) ? special!.TakeBert() : null);
        var added = root["added_tokens"] is { Exists: true } tokens ? tokens.Items().Select(AddedTokenSpec.Read) : [];
        var vocabulary = new AddedVocabulary(AssignIds([.. added, .. special?.Added ?? []], model.Vocabulary, root.Origin.Name), normalizer);
        var pipeline = new TokenizationPipeline(
            model,
            vocabulary,
            normalizer,
            PreTokenizerReader.Read(root["pre_tokenizer"], special is null ? null : special.AddPrefixSpace ?? false),
            null,
            DecoderReader.Read(root["decoder"]));
        var postProcessor = new PostProcessorReader(pipeline.Token).Read(root["post_processor"]);
        return pipeline with { PostProcessor = special is null
            ? postProcessor
            : EdgeTokens.PostProcessor(special, pipeline.Id, root.Origin.Name) ?? postProcessor };
    }

    private static TokenModel ReadModel(JsonPlace model)
    {
        var type = model["type"];
        return (type.OptionalString() ?? OldKind(model)) switch
        {
            "BPE" => BytePairReader.Read(model),
            "WordPiece" => VocabularyReader.ReadWordPiece(model),
            "WordLevel" => VocabularyReader.ReadWordLevel(model),
            "Unigram" => UnigramReader.Read(model),
            var other => throw type.Unsupported($"the model '{other}' is not supported"),
        };
    }

    // Files of before the field: the reference tries the kinds in this order.
    private static string OldKind(JsonPlace model) => model["merges"].Exists ? "BPE"
        : model["max_input_chars_per_word"].Exists ? "WordPiece"
        : model["vocab"].IsArray ? "Unigram"
        : "WordLevel";

    /// <summary>
    /// Gives every added token its id: that of the vocabulary if it is there, else the one that its file names, else the next free one.
    /// Of two with the same text the first counts.
    /// </summary>
    public static List<AddedToken> AssignIds(IEnumerable<AddedTokenSpec> specs, Vocabulary vocabulary, string file)
    {
        var tokens = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        var byId = new Dictionary<int, string>();
        var next = vocabulary.End;
        foreach (var spec in specs)
        {
            if (spec.Content.Length == 0 || tokens.ContainsKey(spec.Content))
            {
                continue;
            }

            var isKnown = vocabulary.TryGetId(spec.Content, out var known);
            var id = isKnown ? known : spec.Id ?? next;
            if (id < 0 || id > next + LargestGap)
            {
                throw new TokenizerException($"the added token '{spec.Content}' has the id {id}; an id from 0 to {next + LargestGap} is expected", file);
            }

            if (!isKnown && (vocabulary.Token(id) ?? byId.GetValueOrDefault(id)) is { } other)
            {
                throw new TokenizerException($"the added token '{spec.Content}' has the id {id}, which is that of the token '{Excerpt.Of(other)}'", file);
            }

            tokens.Add(spec.Content, spec.WithId(id));
            byId[id] = spec.Content;
            next = Math.Max(next, id + 1);
        }

        return [.. tokens.Values];
    }
}
