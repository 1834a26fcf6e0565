using System.Text;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.AddedTokens;
using Pyvene.Typed.Tokenization.Models;
using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.PostProcessors;
using Pyvene.Typed.Tokenization.PreTokenizers;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads <c>vocab.txt</c>, a token a line, which leaves all but the vocabulary to the Python class that reads it: BERT's or ESM's.</summary>
internal static class WordListReader
{
    private const string Prefix = "##";
    private const int LongestWord = 100;

    /// <exception cref="TokenizerException">The class named in the configuration is not known here, or the file lacks a token that it needs.</exception>
    public static TokenizationPipeline Read(string file, SpecialTokens special) => special.TokenizerClass switch
    {
        null => ReadBert(file, special),
        "EsmTokenizer" => ReadEsm(file, special),
        var name when BertNormalization.IsReadBy(name) => ReadBert(file, special),
        var name => throw new TokenizerException(
            $"how '{name}' reads vocab.txt is not known here; save the tokenizer as tokenizer.json", file, isUnsupported: true),
    };

    private static TokenizationPipeline ReadBert(string file, SpecialTokens special)
    {
        var vocabulary = new Vocabulary(Lines(file));
        Assume(special, ("unk_token", "[UNK]"), ("sep_token", "[SEP]"), ("pad_token", "[PAD]"), ("cls_token", "[CLS]"), ("mask_token", "[MASK]"));
        var normalizer = NormalizerReader.Bert(special.TakeBert(), cleans: true);
        var added = new AddedVocabulary(PipelineReader.AssignIds(special.Added, vocabulary, file), normalizer);
        return new TokenizationPipeline(
            new WordPieceModel(vocabulary, Needed(vocabulary, special, "unk_token", file).Token, Prefix, LongestWord),
            added,
            normalizer,
            PreTokenizerReader.Bert,
            Edges(vocabulary, special, "sep_token", file),
            DecoderReader.WordPiece(Prefix, cleanUp: true));
    }

    // Every token is cut out of the text wherever it stands; what lies between is unknown, word by word.
    private static TokenizationPipeline ReadEsm(string file, SpecialTokens special)
    {
        if (special.SplitSpecialTokens)
        {
            throw new TokenizerException("'split_special_tokens' of ESM's tokenizer makes every token unknown and is not supported", file, isUnsupported: true);
        }

        var vocabulary = new Vocabulary([.. Lines(file).Select(line => line.Trim())]);
        Assume(special, ("unk_token", "<unk>"), ("cls_token", "<cls>"), ("pad_token", "<pad>"), ("mask_token", "<mask>"), ("eos_token", "<eos>"));
        if (vocabulary.Entries.Keys.FirstOrDefault(token => token.Length > AddedTokenSpec.LongestContent) is { } longest)
        {
            throw new TokenizerException(
                $"the token '{Excerpt.Of(longest)}' has {longest.Length} characters; at most {AddedTokenSpec.LongestContent} are read", file);
        }

        var added = special.Added.Concat(vocabulary.Entries.OrderBy(entry => entry.Value).Select(entry => new AddedTokenSpec(entry.Key)));
        return new TokenizationPipeline(
            new WordLevelModel(vocabulary, Needed(vocabulary, special, "unk_token", file).Token),
            new AddedVocabulary(PipelineReader.AssignIds(added, vocabulary, file), normalizer: null),
            Normalizer: null,
            new CodePointPreTokenizer(IsPythonSpace, SplitBehavior.Removed),
            Edges(vocabulary, special, "eos_token", file),
            Decoder: null);
    }

    private static void Assume(SpecialTokens special, params (string Role, string Token)[] roles)
    {
        foreach (var (role, token) in roles)
        {
            special.Assume(role, token);
        }
    }

    private static (string Token, int Id) Needed(Vocabulary vocabulary, SpecialTokens special, string role, string file) =>
        vocabulary.TryGetId(special[role], out var id) ? (special[role]!, id)
            : throw new TokenizerException($"the token '{special[role]}' is missing, which the tokenizer needs as '{role}'", file);

    private static TemplatePostProcessor Edges(Vocabulary vocabulary, SpecialTokens special, string end, string file) => PostProcessorReader.Classifier(
        Needed(vocabulary, special, "cls_token", file).Id, Needed(vocabulary, special, end, file).Id, separators: 1, pairType: 1, trimming: null);

    private static bool IsPythonSpace(int codePoint) => CodePoints.IsWhiteSpace(codePoint) || codePoint is >= 0x1C and <= 0x1F;

    // As Python reads lines: any of the three ends, and none behind the last.
    private static string[] Lines(string file)
    {
        var text = Encoding.UTF8.GetString(TokenizerFile.ReadBytes(file)).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
    }
}
