using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Files;
using Pyvene.Typed.Generation.Processors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models;
using Option = System.Func<Pyvene.Typed.Generation.GenerationOptions, System.Text.Json.JsonElement, Pyvene.Typed.Generation.GenerationOptions>;

namespace Pyvene.Typed.Generation;

/// <summary>Reads options by transformers' names. JSON's null switches an option off, as Python's None does.</summary>
internal static class GenerationOptionsReader
{
    private const string OptionsFile = "generation_config.json";
    private const int DefaultMaxLength = 20;

    private static readonly GenerationOptions Neutral = new() { TopK = 0 };

    private static readonly Dictionary<string, Option> Known = new(StringComparer.Ordinal)
    {
        ["max_new_tokens"] = (options, value) => options with { MaxNewTokens = OptionValue.Length(value) },
        ["max_length"] = (options, value) => options with { MaxLength = OptionValue.Length(value) },
        ["min_length"] = (options, value) => options with { MinLength = OptionValue.Length(value) ?? Neutral.MinLength },
        ["min_new_tokens"] = (options, value) => options with { MinNewTokens = OptionValue.Length(value) },
        ["num_beams"] = (options, value) => options with { NumBeams = OptionValue.Rows(value) ?? Neutral.NumBeams },
        ["num_return_sequences"] = (options, value) => options with { NumReturnSequences = OptionValue.Rows(value) ?? Neutral.NumReturnSequences },
        ["length_penalty"] = (options, value) => options with { LengthPenalty = OptionValue.Number(value) ?? Neutral.LengthPenalty },
        ["early_stopping"] = (options, value) => options with { EarlyStopping = OptionValue.Stopping(value) },
        ["do_sample"] = (options, value) => options with { DoSample = OptionValue.Flag(value) ?? Neutral.DoSample },
        ["temperature"] = (options, value) => options with { Temperature = OptionValue.Number(value) ?? Neutral.Temperature },
        ["top_k"] = (options, value) => options with { TopK = OptionValue.Integer(value) ?? Neutral.TopK },
        ["top_p"] = (options, value) => options with { TopP = OptionValue.Number(value) ?? Neutral.TopP },
        ["min_p"] = (options, value) => options with { MinP = OptionValue.Number(value) },
        ["typical_p"] = (options, value) => options with { TypicalP = OptionValue.Number(value) ?? Neutral.TypicalP },
        ["epsilon_cutoff"] = (options, value) => options with { EpsilonCutoff = OptionValue.Number(value) ?? Neutral.EpsilonCutoff },
        ["eta_cutoff"] = (options, value) => options with { EtaCutoff = OptionValue.Number(value) ?? Neutral.EtaCutoff },
        ["repetition_penalty"] = (options, value) => options with { RepetitionPenalty = OptionValue.Number(value) ?? Neutral.RepetitionPenalty },
        ["encoder_repetition_penalty"] = (options, value) =>
            options with { EncoderRepetitionPenalty = OptionValue.Number(value) ?? Neutral.EncoderRepetitionPenalty },
        ["no_repeat_ngram_size"] = (options, value) => options with { NoRepeatNgramSize = OptionValue.Integer(value) ?? Neutral.NoRepeatNgramSize },
        ["encoder_no_repeat_ngram_size"] = (options, value) =>
            options with { EncoderNoRepeatNgramSize = OptionValue.Integer(value) ?? Neutral.EncoderNoRepeatNgramSize },
        ["bad_words_ids"] = (options, value) => options with { BadWordsIds = OptionValue.List(value, OptionValue.Integers) },
        ["sequence_bias"] = (options, value) => options with { SequenceBias = OptionValue.List(value, OptionValue.Bias) },
        ["suppress_tokens"] = (options, value) => options with { SuppressTokens = OptionValue.Integers(value) },
        ["begin_suppress_tokens"] = (options, value) => options with { BeginSuppressTokens = OptionValue.Integers(value) },
        ["forced_bos_token_id"] = (options, value) => options with { ForcedBosTokenId = OptionValue.Integer(value) },
        ["forced_eos_token_id"] = (options, value) => options with { ForcedEosTokenIds = OptionValue.OneOrMore(value) },
        ["exponential_decay_length_penalty"] = (options, value) => options with { ExponentialDecayLengthPenalty = OptionValue.Decay(value) },
        ["remove_invalid_values"] = (options, value) => options with { RemoveInvalidValues = OptionValue.Flag(value) ?? Neutral.RemoveInvalidValues },
        ["renormalize_logits"] = (options, value) => options with { RenormalizeLogits = OptionValue.Flag(value) ?? Neutral.RenormalizeLogits },
        ["eos_token_id"] = (options, value) => options with { EosTokenIds = OptionValue.OneOrMore(value) },
        ["decoder_start_token_id"] = (options, value) => options with { DecoderStartTokenId = OptionValue.Integer(value) },
        ["stop_strings"] = (options, value) => options with { StopStrings = OptionValue.Strings(value) },
        ["pad_token_id"] = (options, value) => options with { PadTokenId = OptionValue.Integer(value) },
        ["use_cache"] = (options, value) => options with { UseCache = OptionValue.Flag(value) ?? Neutral.UseCache },
        ["output_scores"] = (options, value) => options with { OutputScores = OptionValue.Flag(value) ?? Neutral.OutputScores },
        ["output_logits"] = (options, value) => options with { OutputLogits = OptionValue.Flag(value) ?? Neutral.OutputLogits },
    };

    /// <summary>The options that change what is generated and are not supported, with the value at which they change nothing.</summary>
    private static readonly Dictionary<string, string> Unsupported = new(StringComparer.Ordinal)
    {
        ["num_beam_groups"] = "1", ["diversity_penalty"] = "0", ["penalty_alpha"] = "0", ["guidance_scale"] = "1", ["token_healing"] = "false",
        ["constraints"] = "null",
        ["force_words_ids"] = "null", ["max_time"] = "null", ["watermarking_config"] = "null", ["dola_layers"] = "null",
    };

    /// <summary>Reads the defaults of a checkpoint folder.</summary>
    public static GenerationOptions Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var own = Path.Combine(folder, OptionsFile);
        var path = File.Exists(own) ? own : Path.Combine(folder, "config.json");
        var json = RegularFile.ReadAllText(path, ModelConfig.LargestFile, (reason, cause) => new CheckpointException(path, $"The generation options cannot "
            + $"be read: {reason}", cause));
        var options = Parse(json, path, new GenerationOptions());
        // In a file, transformers takes its default as not set; then the prompt does not count.
        return options.MaxLength == DefaultMaxLength ? options with { MaxLength = null } : options;
    }

    /// <summary>Changes options by the fields of a JSON object.</summary>
    public static GenerationOptions Parse(string json, string origin, GenerationOptions defaults)
    {
        ArgumentNullException.ThrowIfNull(json);
        var fields = ModelConfig.Parse(json, origin);
        foreach (var (name, neutral) in Unsupported)
        {
            if (fields.GetElement(name) is { ValueKind: not JsonValueKind.Null } value && !FieldRule.IsSame(value, neutral))
            {
                throw new CheckpointException(
                    origin, $"'{name}' is {Excerpt.Of(value)}, but this way of generating is not supported. Leave the field out.") { IsUnsupported = true };
            }
        }

        var read = Known.Aggregate(defaults with { AsRead = null }, (options, known) =>
            fields.GetElement(known.Key) is { } value ? Apply(options, known.Key, value, known.Value, origin) : options);
        return read with { AsRead = read };
    }

    private static GenerationOptions Apply(GenerationOptions options, string name, JsonElement value, Option option, string origin)
    {
        try
        {
            return option(options, value);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new CheckpointException(origin, $"'{name}' is {Excerpt.Of(value)}: {error.Message}", error);
        }
    }
}
