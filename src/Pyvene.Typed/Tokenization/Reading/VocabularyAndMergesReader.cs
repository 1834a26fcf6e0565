using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.AddedTokens;
using Pyvene.Typed.Tokenization.Decoders;
using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.PostProcessors;
using Pyvene.Typed.Tokenization.PreTokenizers;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Reads <c>vocab.json</c> and <c>merges.txt</c>, which leave all but the model to the Python class that reads them.</summary>
internal static class VocabularyAndMergesReader
{
    private const string QwenPattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <exception cref="TokenizerException">A file is malformed, or the class named in the configuration is not known here.</exception>
    public static TokenizationPipeline Read(string vocabularyFile, string mergesFile, SpecialTokens special)
    {
        var model = BytePairReader.Read(vocabularyFile, mergesFile);
        if (model.Vocabulary.TryGetId("<|endoftext|>", out _))
        {
            special.AssumeGpt2();
        }

        var name = special.TokenizerClass?.Replace("Fast", "", StringComparison.Ordinal);
        var normalizer = name == "Qwen2Tokenizer" ? new UnicodeNormalizer(UnicodeForm.Nfc) : null;
        var added = new AddedVocabulary(PipelineReader.AssignIds(special.Added, model.Vocabulary, vocabularyFile), normalizer);
        var pipeline = new TokenizationPipeline(
            model, added, normalizer, PreTokenizer(name, special.AddPrefixSpace ?? false), null, new ByteLevelDecoder());
        return pipeline with { PostProcessor = PostProcessor(name, special, pipeline, vocabularyFile) };
    }

    private static PreTokenizer PreTokenizer(string? name, bool addPrefixSpace) => name == "Qwen2Tokenizer"
        ? new PreTokenizerSequence(
        [
            new SplitPreTokenizer(TextPattern.Parse(QwenPattern), SplitBehavior.Isolated, invert: false),
            new ByteLevelPreTokenizer(addPrefixSpace, useRegex: false),
        ])
        : new ByteLevelPreTokenizer(addPrefixSpace, useRegex: true);

    private static PostProcessor? PostProcessor(string? name, SpecialTokens special, TokenizationPipeline pipeline, string file)
    {
        int Id(string role, string otherwise) => pipeline.Id(special[role] ?? otherwise)
            ?? throw new TokenizerException($"the token '{special[role] ?? otherwise}', which '{name}' adds to a text, is missing", file);

        switch (name)
        {
            case "RobertaTokenizer" or "BartTokenizer" or "LongformerTokenizer" or "LEDTokenizer":
                var trimming = new OffsetTrimming(special.AddPrefixSpace ?? false, id => pipeline.Token(id) ?? "");
                return PostProcessorReader.Classifier(Id("cls_token", "<s>"), Id("sep_token", "</s>"), separators: 2, pairType: 0, trimming);
            case (null or "GPT2Tokenizer") when special.AddBosToken == true:
                TemplatePiece[] single = [new(null, [Id("bos_token", "<|endoftext|>")], 0), new(0, [], 0)];
                return new TemplatePostProcessor(single, [.. single, new(1, [], 1)]);
            case null or "GPT2Tokenizer" or "CodeGenTokenizer" or "Qwen2Tokenizer" or "PreTrainedTokenizer":
                return null;
            default:
                throw new TokenizerException(
                    $"how '{special.TokenizerClass}' reads vocab.json and merges.txt is not known here; save the tokenizer as tokenizer.json",
                    file,
                    isUnsupported: true);
        }
    }
}
