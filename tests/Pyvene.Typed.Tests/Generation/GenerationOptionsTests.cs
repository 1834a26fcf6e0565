using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Generation.Processors;
using Pyvene.Typed.Tests.Tokenization;

namespace Pyvene.Typed.Tests.Generation;

public sealed class GenerationOptionsTests
{
    public static TheoryData<Action, string> Mistakes => new()
    {
        { () => _ = new GenerationOptions { MaxNewTokens = 0 }, "MaxNewTokens must be at least 1, but is 0." },
        { () => _ = new GenerationOptions { MaxLength = 0 }, "MaxLength must be at least 1, but is 0." },
        { () => _ = new GenerationOptions { MinLength = -1 }, "MinLength must be at least 0, but is -1." },
        { () => _ = new GenerationOptions { MinNewTokens = -1 }, "MinNewTokens must be at least 0, but is -1." },
        { () => _ = new GenerationOptions { NumBeams = 0 }, "NumBeams must be at least 1, but is 0." },
        { () => _ = new GenerationOptions { NumReturnSequences = 0 }, "NumReturnSequences must be at least 1, but is 0." },
        { () => _ = new GenerationOptions { LengthPenalty = double.NaN }, "LengthPenalty must be a finite number, but is NaN." },
        { () => _ = new GenerationOptions { Temperature = 0 }, "Temperature must be a finite number above 0 (for the most likely tokens, set DoSample to "
            + "false), but is 0." },
        { () => _ = new GenerationOptions { TopK = -1 }, "TopK must be at least 0, but is -1." },
        { () => _ = new GenerationOptions { TopP = 1.5 }, "TopP must lie between 0 and 1, but is 1.5." },
        { () => _ = new GenerationOptions { MinP = -0.5 }, "MinP must lie between 0 and 1, but is -0.5." },
        { () => _ = new GenerationOptions { TypicalP = 0 }, "TypicalP must be a finite number above 0, but is 0." },
        { () => _ = new GenerationOptions { EpsilonCutoff = 2 }, "EpsilonCutoff must lie between 0 and 1, but is 2." },
        { () => _ = new GenerationOptions { EtaCutoff = -1 }, "EtaCutoff must lie between 0 and 1, but is -1." },
        { () => _ = new GenerationOptions { RepetitionPenalty = 0 }, "RepetitionPenalty must be a finite number above 0, but is 0." },
        { () => _ = new GenerationOptions { NoRepeatNgramSize = -2 }, "NoRepeatNgramSize must be at least 0, but is -2." },
        { () => _ = new GenerationOptions { SuppressTokens = [1, -3] }, "SuppressTokens must be at least 0, but is -3." },
        { () => _ = new GenerationOptions { BadWordsIds = [[1], []] }, "BadWordsIds holds an empty list; every entry needs at least one token id." },
        { () => _ = new GenerationOptions { EosTokenIds = [-1] }, "EosTokenIds must be at least 0, but is -1." },
        { () => _ = new GenerationOptions { PadTokenId = -1 }, "PadTokenId must be at least 0, but is -1." },
        { () => _ = new LengthDecay(0, 0), "factor must be a finite number above 0, but is 0." },
        { () => _ = new SequenceBias([], 1), "tokenIds holds an empty list" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void AValueOutsideItsRangeIsRefusedWhereItIsSet(Action mistake, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(mistake).Message);

    [Fact]
    public void EveryFieldOfTheFileIsRead()
    {
        var options = GenerationOptions.Parse(
            """
            {"max_new_tokens": 7, "min_new_tokens": 2, "num_beams": 4, "num_return_sequences": 3, "early_stopping": "never", "length_penalty": -0.5, "do_sample": true, "temperature": 0.7, "top_k": 5,
             "top_p": 0.9, "min_p": 0.1, "typical_p": 0.8, "repetition_penalty": 1.2, "no_repeat_ngram_size": 2, "bad_words_ids": [[1, 2], [3]], "suppress_tokens": [4], "sequence_bias": [[[5, 6], 1.5]],
             "forced_eos_token_id": 8, "eos_token_id": [9, 10], "pad_token_id": 0, "use_cache": false, "exponential_decay_length_penalty": [3, 1.1], "transformers_version": "4.57.6"}
            """,
            "a test");

        Assert.Equal((7, 2, 4, 3), (options.MaxNewTokens, options.MinNewTokens, options.NumBeams, options.NumReturnSequences));
        Assert.Equal(
            (EarlyStopping.Never, -0.5, true, 0.7, 5), (options.EarlyStopping, options.LengthPenalty, options.DoSample, options.Temperature, options.TopK));
        Assert.Equal((0.9, 0.1, 0.8, 1.2, 2), (options.TopP, options.MinP, options.TypicalP, options.RepetitionPenalty, options.NoRepeatNgramSize));
        Assert.Equal([[1, 2], [3]], options.BadWordsIds);
        Assert.Equal([8], options.ForcedEosTokenIds);
        Assert.Equal([9, 10], options.EosTokenIds);
        Assert.Equal((0, false, new LengthDecay(3, 1.1)), (options.PadTokenId, options.UseCache, options.ExponentialDecayLengthPenalty));
        Assert.Equal(1.5, Assert.Single(options.SequenceBias).Bias);
    }

    [Fact]
    public void FieldsThatAreLeftOutKeepTheDefaultsAndNullSwitchesOff()
    {
        var defaults = new GenerationOptions { EosTokenIds = [3], TopK = 8 };

        var options = GenerationOptions.Parse("""{"eos_token_id": null, "top_k": null, "do_sample": true}""", "a test", defaults);

        Assert.Equal((0, 0, true), (options.EosTokenIds.Count, options.TopK, options.DoSample));
        Assert.Equal((8, 1), (GenerationOptions.Parse("{}", "a test", defaults).TopK, options.NumBeams));
    }

    [Theory]
    [InlineData("""{"top_k": "many"}""", "'top_k' is \"many\": a whole number")]
    [InlineData("""{"temperature": 0}""", "'temperature' is 0: Temperature must be a finite number above 0")]
    [InlineData("""{"early_stopping": "soon"}""", "true, false or \"never\" is expected")]
    [InlineData("""{"eos_token_id": [1, null]}""", "a list without null is expected")]
    [InlineData("""{"bad_words_ids": [1]}""", "a list is expected")]
    [InlineData("""{"num_beam_groups": 2}""", "'num_beam_groups' is 2, but this way of generating is not supported")]
    [InlineData("""{"stop_strings": [""]}""", "StopStrings holds an empty string")]
    [InlineData("""{"stop_strings": [1]}""", "a list of strings is expected")]
    [InlineData("[1]", "must be an object, but is [1]")]
    [InlineData("{", "not valid JSON")]
    public void AFieldThatCannotBeMeantIsRefusedWithItsNameAndOrigin(string json, string message)
    {
        var error = Assert.Throws<CheckpointException>(() => GenerationOptions.Parse(json, "folder/generation_config.json"));

        Assert.Equal("folder/generation_config.json", error.Path);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void ACheckpointsOwnFileIsReadElseItsConfig()
    {
        using var folder = new TemporaryFolder("generation");
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), """{"model_type": "gpt2", "eos_token_id": 5, "max_length": 20}""");
        var fromConfig = GenerationOptions.Load(folder.Path);
        File.WriteAllText(Path.Combine(folder.Path, "generation_config.json"), """{"eos_token_id": 6, "max_length": 21}""");
        var own = GenerationOptions.Load(folder.Path);

        Assert.Equal([5], fromConfig.EosTokenIds);
        Assert.Null(fromConfig.MaxLength);
        Assert.Equal([6], own.EosTokenIds);
        Assert.Equal(21, own.MaxLength);
    }

    [Fact]
    public void AFolderWithoutEitherIsOneClearError()
    {
        using var folder = new TemporaryFolder("generation");

        Assert.Contains("cannot be read", Assert.Throws<CheckpointException>(() => GenerationOptions.Load(folder.Path)).Message);
    }

    [Fact]
    public void AListThatIsChangedLaterChangesNothing()
    {
        var ids = new List<int> { 1 };
        var options = new GenerationOptions { EosTokenIds = ids };

        ids.Add(2);

        Assert.Equal([1], options.EosTokenIds);
    }
}
