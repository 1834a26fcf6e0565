using Pyvene.Typed.Generation.Processors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Puts the processors that options ask for into the order of transformers 4.57.6 (<c>GenerationMixin._get_logits_processor</c>).</summary>
internal static class ProcessorChain
{
    /// <summary>Lists the processors in the order in which they act.</summary>
    /// <param name="options">The options.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="maxLength">The largest length of a text in tokens.</param>
    public static IReadOnlyList<LogitsProcessor> For(GenerationOptions options, GenerationPrompt prompt, int maxLength) =>
    [
        .. Contents(options, prompt),
        .. Lengths(options, prompt, maxLength),
        .. options.Processors,
        .. options.DoSample ? Warpers(options) : [],
        .. Optional(options.RenormalizeLogits, () => new LogSoftmaxProcessor()),
    ];

    private static IEnumerable<LogitsProcessor> Contents(GenerationOptions options, GenerationPrompt prompt) =>
    [
        .. Optional(options.SequenceBias.Count > 0, () => new SequenceBiasProcessor(options.SequenceBias)),
        .. Optional(options.EncoderRepetitionPenalty != 1, () =>
            new EncoderRepetitionPenaltyProcessor(options.EncoderRepetitionPenalty, Input(prompt, nameof(options.EncoderRepetitionPenalty)))),
        .. Optional(options.RepetitionPenalty != 1, () => new RepetitionPenaltyProcessor(options.RepetitionPenalty)),
        .. Optional(options.NoRepeatNgramSize > 0, () => new NoRepeatNgramProcessor(options.NoRepeatNgramSize)),
        .. Optional(options.EncoderNoRepeatNgramSize > 0, () =>
            new EncoderNoRepeatNgramProcessor(options.EncoderNoRepeatNgramSize, Input(prompt, nameof(options.EncoderNoRepeatNgramSize)))),
        .. Optional(options.BadWordsIds.Count > 0, () => new NoBadWordsProcessor(options.BadWordsIds, options.EosTokenIds)),
    ];

    private static IEnumerable<LogitsProcessor> Lengths(GenerationOptions options, GenerationPrompt prompt, int maxLength)
    {
        var (eos, start) = (options.EosTokenIds, checked((int)prompt.TokenCount));
        var minLength = (int)Math.Max(options.MinLength - (prompt.Length - prompt.TokenCount), 0); // embeddings count, but are no tokens
        // A prompt of one token is followed by the forced one, so that the first free place is the next.
        var begin = start > 1 || options.ForcedBosTokenId is null ? start : start + 1;
        return
        [
            .. Optional(options.MinNewTokens is null && minLength > 0, () => new MinLengthProcessor(minLength, eos)),
            .. Optional(options.MinNewTokens > 0, () => new MinNewTokensProcessor(start, Math.Min(options.MinNewTokens!.Value, maxLength - start), eos)),
            .. Optional(options.ForcedBosTokenId is not null, () => new ForcedBosTokenProcessor(options.ForcedBosTokenId!.Value)),
            .. Optional(options.ForcedEosTokenIds.Count > 0, () => new ForcedEosTokenProcessor(maxLength, options.ForcedEosTokenIds)),
            .. Optional(options.RemoveInvalidValues, () => new InvalidValuesProcessor()),
            .. Optional(options.ExponentialDecayLengthPenalty is not null, () =>
                new ExponentialDecayLengthPenaltyProcessor(options.ExponentialDecayLengthPenalty!, eos, start)),
            .. Optional(options.SuppressTokens.Count > 0, () => new SuppressTokensProcessor(options.SuppressTokens)),
            .. Optional(options.BeginSuppressTokens.Count > 0, () => new SuppressTokensAtBeginProcessor(options.BeginSuppressTokens, begin)),
        ];
    }

    private static IEnumerable<LogitsProcessor> Warpers(GenerationOptions options)
    {
        // A beam search needs a candidate that does not end the text, whatever the filters say.
        var kept = options.NumBeams == 1 ? 1 : Math.Max(options.EosTokenIds.Count, 1) + 1;
        return
        [
            .. Optional(options.Temperature != 1, () => new TemperatureProcessor(options.Temperature)),
            .. Optional(options.TopK > 0, () => new TopKProcessor(options.TopK, kept)),
            .. Optional(options.TopP < 1, () => new TopPProcessor(options.TopP, kept)),
            .. Optional(options.MinP is not null, () => new MinPProcessor(options.MinP!.Value, kept)),
            .. Optional(options.TypicalP < 1, () => new TypicalPProcessor(options.TypicalP, kept)),
            .. Optional(options.EpsilonCutoff is > 0 and < 1, () => new EpsilonCutoffProcessor(options.EpsilonCutoff, kept)),
            .. Optional(options.EtaCutoff is > 0 and < 1, () => new EtaCutoffProcessor(options.EtaCutoff, kept)),
        ];
    }

    private static IEnumerable<LogitsProcessor> Optional(bool isAskedFor, Func<LogitsProcessor> make) => isAskedFor ? [make()] : [];

    private static Tensor Input(GenerationPrompt prompt, string option) => (prompt.Read is { } read ? read.InputIds?.to(int64) : prompt.Tokens)
        ?? throw new ArgumentException($"{option} looks at the tokens of the prompt, but the prompt is given as embeddings. Leave the option out.", option);
}
