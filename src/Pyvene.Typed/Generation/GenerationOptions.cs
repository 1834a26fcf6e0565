using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation.Processors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Generation;

/// <summary>Says how text is generated: how long, by which search, and which tokens are allowed. Names and defaults are those of transformers 4.57.6.</summary>
/// <remarks>Immutable and thread-safe. A value outside its range is refused where it is set. <see cref="Load"/> gives the defaults of a checkpoint.</remarks>
public sealed record GenerationOptions
{
    private readonly bool saysEnd;

    /// <summary>Gets the largest number of tokens that are generated. It wins over <see cref="MaxLength"/>.</summary>
    /// <value>At least 1, and no more than the model has positions for behind the prompt; unset: <see cref="MaxLength"/> decides.</value>
    public int? MaxNewTokens { get; init => field = SettingCheck.AtLeast(value, 1); }

    /// <summary>Gets the largest length of a text, prompt included.</summary>
    /// <value>At least 1; unset: 20 more positions than the prompt, as far as the model knows positions.</value>
    public int? MaxLength { get; init => field = SettingCheck.AtLeast(value, 1); }

    /// <summary>Gets the smallest length of a text, prompt included: before it no end is allowed.</summary>
    /// <value>At least 0. Default: 0.</value>
    public int MinLength { get; init => field = SettingCheck.AtLeast(value, 0); }

    /// <summary>Gets the smallest number of tokens that are generated. It wins over <see cref="MinLength"/>.</summary>
    /// <value>At least 0; unset: <see cref="MinLength"/> decides.</value>
    public int? MinNewTokens { get; init => field = SettingCheck.AtLeast(value, 0); }

    /// <summary>Gets how many texts a beam search follows at once; 1 is no beam search.</summary>
    /// <value>1 to 4096. Default: 1.</value>
    public int NumBeams { get; init => field = SettingCheck.Rows(value); } = 1;

    /// <summary>Gets how many texts a prompt gives.</summary>
    /// <value>1 to 4096; more than 1 needs sampling or as many beams. Default: 1.</value>
    public int NumReturnSequences { get; init => field = SettingCheck.Rows(value); } = 1;

    /// <summary>Gets the power of the length that the score of a finished beam is divided by: above 0 favours long texts, below 0 short ones.</summary>
    /// <value>−8 to 8. Default: 1.</value>
    public double LengthPenalty { get; init => field = SettingCheck.Between(SettingCheck.Finite(value), -8, 8); } = 1;

    /// <summary>Gets when a beam search stops.</summary>
    /// <value>Default: <see cref="Generation.EarlyStopping.Heuristic"/>.</value>
    public EarlyStopping EarlyStopping { get; init => field = SettingCheck.Defined(value); }

    /// <summary>Gets whether tokens are drawn by their probability; otherwise the most likely one is taken.</summary>
    /// <value>Default: false.</value>
    public bool DoSample { get; init; }

    /// <summary>Gets the seed of the draws; same seed and same device, same tokens.</summary>
    /// <value>Unset: another one every time.</value>
    public long? Seed { get; init; }

    /// <summary>Gets the temperature of sampling: below 1 the likely tokens gain, above 1 the unlikely ones do.</summary>
    /// <value>Above 0. Default: 1.</value>
    public double Temperature { get; init => field = SettingCheck.Factor(value, " (for the most likely tokens, set DoSample to false)"); } = 1;

    /// <summary>Gets how many of the best tokens sampling draws from; 0 is all.</summary>
    /// <value>At least 0. Default: 50.</value>
    public int TopK { get; init => field = SettingCheck.AtLeast(value, 0); } = 50;

    /// <summary>Gets the probability mass of the best tokens that sampling draws from.</summary>
    /// <value>0 to 1. Default: 1, all.</value>
    public double TopP { get; init => field = SettingCheck.Fraction(value); } = 1;

    /// <summary>Gets the fraction of the best token's probability that a token needs for sampling to draw it.</summary>
    /// <value>0 to 1; unset: none.</value>
    public double? MinP { get; init => field = value is { } number ? SettingCheck.Fraction(number) : null; }

    /// <summary>Gets the probability mass of the most typical tokens that sampling draws from.</summary>
    /// <value>Above 0, up to 1. Default: 1, all.</value>
    public double TypicalP { get; init => field = SettingCheck.Positive(SettingCheck.Fraction(value)); } = 1;

    /// <summary>Gets the probability that a token needs for sampling to draw it.</summary>
    /// <value>0 to 1, both of which are none. Default: 0.</value>
    public double EpsilonCutoff { get; init => field = SettingCheck.Fraction(value); }

    /// <summary>Gets the largest probability that eta sampling demands of a token.</summary>
    /// <value>0 to 1, both of which are none. Default: 0.</value>
    public double EtaCutoff { get; init => field = SettingCheck.Fraction(value); }

    /// <summary>Gets the penalty on tokens that occurred already.</summary>
    /// <value>Above 0. Default: 1, none.</value>
    public double RepetitionPenalty { get; init => field = SettingCheck.Factor(value); } = 1;

    /// <summary>Gets the factor that favours tokens of the input (the prompt, where there is no encoder).</summary>
    /// <value>Above 0. Default: 1, none.</value>
    public double EncoderRepetitionPenalty { get; init => field = SettingCheck.Factor(value); } = 1;

    /// <summary>Gets the length of the n-grams that occur at most once in a text.</summary>
    /// <value>At least 0. Default: 0, none.</value>
    public int NoRepeatNgramSize { get; init => field = SettingCheck.AtLeast(value, 0); }

    /// <summary>Gets the length of the n-grams of the input (the prompt, where there is no encoder) that must not be copied.</summary>
    /// <value>At least 0. Default: 0, none.</value>
    public int EncoderNoRepeatNgramSize { get; init => field = SettingCheck.AtLeast(value, 0); }

    /// <summary>Gets the sequences of tokens that are never generated.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<IReadOnlyList<int>> BadWordsIds { get; init => field = SettingCheck.Sequences(value); } = [];

    /// <summary>Gets the sequences of tokens whose scores are changed.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<SequenceBias> SequenceBias { get; init => field = SettingCheck.Items(value); } = [];

    /// <summary>Gets the tokens that are never generated.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<int> SuppressTokens { get; init => field = SettingCheck.TokenIds(value); } = [];

    /// <summary>Gets the tokens that are not generated first.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<int> BeginSuppressTokens { get; init => field = SettingCheck.TokenIds(value); } = [];

    /// <summary>Gets the token that follows a prompt of one token.</summary>
    /// <value>Unset: any.</value>
    public int? ForcedBosTokenId { get; init => field = SettingCheck.AtLeast(value, 0); }

    /// <summary>Gets the tokens, one of which ends a text that reaches its largest length.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<int> ForcedEosTokenIds { get; init => field = SettingCheck.TokenIds(value); } = [];

    /// <summary>Gets from where on, and how fast, the end of a text becomes more likely.</summary>
    /// <value>Unset: not at all.</value>
    public LengthDecay? ExponentialDecayLengthPenalty { get; init; }

    /// <summary>Gets whether NaN and infinite logits are replaced by finite numbers.</summary>
    /// <value>Default: false.</value>
    public bool RemoveInvalidValues { get; init; }

    /// <summary>Gets whether scores become log-probabilities again after all other changes.</summary>
    /// <value>Default: false.</value>
    public bool RenormalizeLogits { get; init; }

    /// <summary>Gets processors of one's own; they act after the ones that the other options ask for, and before those of sampling.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<LogitsProcessor> Processors { get; init => field = SettingCheck.Items(value); } = [];

    /// <summary>Gets the tokens that end a text.</summary>
    /// <value>
    /// Unset: those of the model's folder where <c>LanguageModel.Generate</c> generates, none where <see cref="TextGeneration"/> does. Set to an empty list,
    /// every text reaches the largest length.
    /// </value>
    public IReadOnlyList<int> EosTokenIds
    {
        get;
        init
        {
            field = SettingCheck.TokenIds(value);
            saysEnd = true;
        }
    } = [];

    /// <summary>Gets the strings that end a text: the token that completes one is its last.</summary>
    /// <value>Default: none. They need a tokenizer, so <c>LanguageModel.Generate</c> takes them, and <see cref="TextGeneration"/> refuses them.</value>
    public IReadOnlyList<string> StopStrings { get; init => field = SettingCheck.Strings(value); } = [];

    /// <summary>Gets a rule of one's own that ends a text; it is asked behind every token.</summary>
    /// <value>Default: none. It takes the tokens of one text with its prompt and the padding before that, and is asked for texts that have ended, too.</value>
    public Func<IReadOnlyList<int>, bool>? StopsWhen { get; init; }

    /// <summary>Gets the token that the text of a decoder begins with that has an encoder before it.</summary>
    /// <value>At least 0; unset: what the model's configuration says.</value>
    public int? DecoderStartTokenId { get; init => field = SettingCheck.AtLeast(value, 0); }

    /// <summary>Gets the token that fills a row behind its end.</summary>
    /// <value>Unset: that of the model's folder where <c>LanguageModel.Generate</c> generates, else the first of <see cref="EosTokenIds"/>.</value>
    public int? PadTokenId { get; init => field = SettingCheck.AtLeast(value, 0); }

    /// <summary>
    /// Gets whether keys and values are kept from step to step; without them, or with a model that has none (a GRU), every step computes the whole text.
    /// </summary>
    /// <value>Default: true. Generation from embeddings always keeps them.</value>
    public bool UseCache { get; init; } = true;

    /// <summary>Gets whether the output holds the scores of every step, after the processors.</summary>
    /// <value>Default: false.</value>
    public bool OutputScores { get; init; }

    /// <summary>Gets whether the output holds the logits of every step, before the processors.</summary>
    /// <value>Default: false.</value>
    public bool OutputLogits { get; init; }

    /// <summary>Reads the defaults of a checkpoint: its <c>generation_config.json</c>, or the fields of that name in its <c>config.json</c>.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <returns>The options; fields that no file has keep their defaults.</returns>
    /// <exception cref="CheckpointException">
    /// A file cannot be read, is not valid JSON, holds a value outside its range, or asks for a kind of generation that is not supported.
    /// </exception>
    public static GenerationOptions Load(string folder) => GenerationOptionsReader.Load(folder);

    /// <summary>Reads options from the text of a <c>generation_config.json</c>.</summary>
    /// <param name="json">A JSON object with transformers' names; names that say nothing about generation are passed over.</param>
    /// <param name="origin">Where the text came from, for messages.</param>
    /// <param name="defaults">The options that the text changes; by default those of transformers.</param>
    /// <exception cref="CheckpointException">
    /// The text is not a JSON object, holds a value outside its range, or asks for a kind of generation that is not supported.
    /// </exception>
    public static GenerationOptions Parse(string json, string origin, GenerationOptions? defaults = null) =>
        GenerationOptionsReader.Parse(json, origin, defaults ?? new GenerationOptions());

    /// <summary>Returns the options of a model whose configuration is all that says how to generate: the ids of its tokens.</summary>
    internal static GenerationOptions Of(Models.ModelConfig config)
    {
        var ids = new[] { "bos_token_id", "eos_token_id", "pad_token_id" }.ToDictionary(name => name, config.GetElement);
        return Parse(System.Text.Json.JsonSerializer.Serialize(ids, JsonForm.Plain), config.Origin);
    }

    /// <summary>
    /// Gets what the checkpoint's file says and this way of generating does not use, a sentence each, such as a temperature without sampling. What a program
    /// sets itself is refused instead.
    /// </summary>
    public IReadOnlyList<string> Unread => [.. IdleOption.Of(this).Where(idle => idle.IsOf(AsRead)).Select(idle => idle.Sentence)];

    /// <summary>Gets the options as a checkpoint's file gave them; <see langword="null"/> where none was read.</summary>
    internal GenerationOptions? AsRead { get; init; }

    /// <summary>Returns the same options with the special tokens that they leave unset, as transformers fills them from a model's own options.</summary>
    /// <param name="model">The model's options.</param>
    internal GenerationOptions FilledFrom(GenerationOptions model) => this with
    {
        EosTokenIds = saysEnd ? EosTokenIds : model.EosTokenIds,
        PadTokenId = PadTokenId ?? model.PadTokenId,
        DecoderStartTokenId = DecoderStartTokenId ?? model.DecoderStartTokenId,
    };

    /// <summary>Returns the same options with a rule in the place of strings, which need a tokenizer.</summary>
    /// <param name="tokenizer">The tokenizer; <see langword="null"/> = there is none.</param>
    /// <exception cref="ArgumentException">There are strings and no tokenizer.</exception>
    internal GenerationOptions WithStopsFrom(TextTokenizer? tokenizer)
    {
        if (StopStrings.Count == 0)
        {
            return this;
        }

        if (tokenizer is null)
        {
            throw NoTokenizer();
        }

        var (rule, other) = (new StopStringRule(tokenizer, StopStrings), StopsWhen);
        return this with
        {
            StopStrings = [],
            StopsWhen = tokens => rule.Ends(tokens) || other?.Invoke(tokens) == true,
            PadTokenId = PadTokenId ?? (EosTokenIds.Count > 0 ? EosTokenIds[0] : tokenizer.PadTokenId),
        };
    }

    private ArgumentException NoTokenizer() => new(
        $"StopStrings are {string.Join(", ", StopStrings.Select(stop => $"\"{stop}\""))}, but there is no tokenizer that could find them; "
            + "use LanguageModel.Generate with a folder that has one, EosTokenIds, or StopsWhen.",
        nameof(StopStrings));

    /// <summary>Checks what no option can know by itself.</summary>
    /// <exception cref="ArgumentException">Two options contradict each other.</exception>
    internal void Validate()
    {
        if (IdleOption.Of(this).FirstOrDefault(idle => !idle.IsOf(AsRead)) is { } idle)
        {
            throw new ArgumentException($"{idle.Sentence} {idle.Remedy}", idle.Name);
        }

        if (NumBeams == 1 && NumReturnSequences > 1 && !DoSample)
        {
            throw new ArgumentException(
                $"NumReturnSequences is {NumReturnSequences}, but one search without sampling has one result. "
                    + $"Set DoSample, or NumBeams to at least {NumReturnSequences}.",
                nameof(NumReturnSequences));
        }

        if (StopStrings.Count > 0)
        {
            throw NoTokenizer();
        }

        if (NumBeams > 1 && NumReturnSequences > NumBeams)
        {
            throw new ArgumentException(
                $"NumReturnSequences must not exceed NumBeams, but is {NumReturnSequences} with {NumBeams} beams.", nameof(NumReturnSequences));
        }
    }
}
