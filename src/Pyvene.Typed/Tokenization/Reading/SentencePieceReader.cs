using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.AddedTokens;
using Pyvene.Typed.Tokenization.Models;
using Pyvene.Typed.Tokenization.PreTokenizers;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads <c>tokenizer.model</c>, as transformers 4.57.6 makes its fast tokenizers of it (convert_slow_tokenizer.py).</summary>
/// <param name="file">The file.</param>
/// <param name="special">What the files beside it say.</param>
internal sealed class SentencePieceReader(SentencePieceFile file, SpecialTokens special)
{
    private const string Tab = "\t", TabByte = "<0x09>";

    private readonly bool isGemma = special.TokenizerClass is "GemmaTokenizer" or "GemmaTokenizerFast";

    // What a place in the first three of the vocabulary holds comes of the roles, in this order.
    private static readonly string[] GemmaRoles = ["pad_token", "eos_token", "bos_token"];

    /// <exception cref="TokenizerException">The file is malformed, or the class named in the configuration is not known here.</exception>
    public static TokenizationPipeline Read(string path, SpecialTokens special)
    {
        if (special.TokenizerClass is not ("LlamaTokenizer" or "LlamaTokenizerFast" or "GemmaTokenizer" or "GemmaTokenizerFast"))
        {
            throw new TokenizerException(
                (special.TokenizerClass is { } name ? $"how '{name}' reads tokenizer.model is not known here" : "no file names the tokenizer's class, which "
                    + "decides how tokenizer.model is read; name it in tokenizer_config.json")
                + " (LlamaTokenizer and GemmaTokenizer are known), or save the tokenizer as tokenizer.json",
                path,
                isUnsupported: true);
        }

        var file = SentencePieceFile.Read(path);
        special.Tell(path, file.Told);
        return new SentencePieceReader(file, special).Read();
    }

    private TokenizationPipeline Read()
    {
        special.Assume("bos_token", isGemma ? "<bos>" : "<s>");
        special.Assume("eos_token", isGemma ? "<eos>" : "</s>");
        special.Assume("unk_token", "<unk>");
        if (isGemma)
        {
            special.Assume("pad_token", "<pad>");
        }

        var model = Model();
        var hasPrefix = !isGemma && (special.AddPrefixSpace ?? true);
        var isLegacy = isGemma || (special.IsLegacy ?? true);
        var normalizer = isLegacy ? NormalizerReader.SentencePiece(hasPrefix) : null;
        var pipeline = new TokenizationPipeline(
            model,
            new AddedVocabulary(PipelineReader.AssignIds([.. Own(), .. special.Added], model.Vocabulary, file.Path), normalizer),
            normalizer,
            isLegacy ? null : new MetaspacePreTokenizer("▁", hasPrefix ? PrefixScheme.First : PrefixScheme.Never, split: false),
            null,
            DecoderReader.SentencePiece(hasPrefix));
        return pipeline with { PostProcessor = EdgeTokens.PostProcessor(special, pipeline.Id, file.Path) };
    }

    private IEnumerable<AddedTokenSpec> Own() => file.Pieces
        .Where(piece => piece.Kind is SentencePieceFile.Control or SentencePieceFile.UserDefined && piece.Text.Length <= AddedTokenSpec.LongestContent)
        .Select(piece => new AddedTokenSpec(piece.Text)
        {
            IsSpecial = piece.Kind == SentencePieceFile.Control || (isGemma && piece.Text is "<start_of_turn>" or "<end_of_turn>"),
        });

    private TokenModel Model()
    {
        const int given = 3; // the first tokens are those of roles, whatever the file calls them
        if (file.Pieces.Count < given)
        {
            throw new TokenizerException(
                $"it has {file.Pieces.Count} pieces; the first {given} are those that begin, end and fill texts or are unknown", file.Path);
        }

        var (tokens, scores) = (file.Pieces.Select(piece => piece.Text).ToArray(), file.Pieces.Select(piece => piece.Score).ToArray());
        for (var id = 0; id < given; id++)
        {
            tokens[id] = isGemma ? special[GemmaRoles[id]]! : special.Added.Find(token => token.Id == id)?.Content ?? tokens[id];
            scores[id] = 0;
        }

        if (isGemma && !tokens.Contains(Tab) && Array.IndexOf(tokens, TabByte) is >= 0 and var tab)
        {
            (tokens[tab], scores[tab]) = (Tab, 0); // old files lack it
        }

        var vocabulary = new Vocabulary(tokens);
        return file.Model switch
        {
            SentencePieceFile.Unigram => new UnigramModel(vocabulary, [.. scores], unknownId: isGemma ? given : 0, byteFallback: true),
            SentencePieceFile.BytePair when vocabulary.TryGetId(file.UnknownPiece, out _) => new BytePairModel(
                vocabulary,
                ScoredMerges.Make(vocabulary, scores, _ => true, leftmostFirst: false, id => ($"piece {id}", file.Path)),
                new BytePairOptions { UnknownToken = file.UnknownPiece, FuseUnknown = true, ByteFallback = true }),
            SentencePieceFile.BytePair => throw new TokenizerException(
                $"the unknown piece '{Excerpt.Of(file.UnknownPiece)}' is not in the vocabulary", file.Path),
            _ => throw new TokenizerException($"the model '{file.ModelName}' is not supported; unigram and bpe are", file.Path, isUnsupported: true),
        };
    }
}
