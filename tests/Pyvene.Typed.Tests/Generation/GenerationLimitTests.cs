using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Generation.Processors;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

/// <summary>Options that would be passed over, and numbers that no model can reach.</summary>
public sealed class GenerationLimitTests : IDisposable
{
    private readonly PretrainedModel model = TinyGpt2.Create(); // 48 positions

    public static TheoryData<GenerationOptions, string> Idle => new()
    {
        { new GenerationOptions { Temperature = 1.7 }, "Temperature is 1.7, but no token is drawn: DoSample is false. Set DoSample, or leave it out." },
        { new GenerationOptions { TopK = 5 }, "TopK is 5, but no token is drawn" },
        { new GenerationOptions { TopP = 0.9 }, "TopP is 0.9" },
        { new GenerationOptions { MinP = 0.1 }, "MinP is 0.1" },
        { new GenerationOptions { TypicalP = 0.9 }, "TypicalP is 0.9" },
        { new GenerationOptions { EpsilonCutoff = 0.1 }, "EpsilonCutoff is 0.1" },
        { new GenerationOptions { EtaCutoff = 0.1 }, "EtaCutoff is 0.1" },
        { new GenerationOptions { Seed = 3 }, "Seed is 3" },
        { new GenerationOptions { LengthPenalty = 2 }, "LengthPenalty is 2, but there is no beam search: NumBeams is 1. "
            + "Set NumBeams to at least 2, or leave it out." },
        { new GenerationOptions { EarlyStopping = EarlyStopping.Never }, "EarlyStopping is Never" },
    };

    public static TheoryData<GenerationOptions, string> TooLong => new()
    {
        { new GenerationOptions
        {
            MaxNewTokens = int.MaxValue,
        }, "MaxNewTokens is 2147483647, but the model has 48 positions: behind a prompt of 3 the largest possible is 46." },
        { new GenerationOptions { MaxNewTokens = 47 }, "MaxNewTokens is 47, but the model has 48 positions" },
        { new GenerationOptions
        {
            MaxLength = int.MaxValue,
        }, "MaxLength is 2147483647, but the model has 48 positions: behind a prompt of 3 the largest possible is 49." },
        { new GenerationOptions { MinNewTokens = int.MaxValue }, "MinNewTokens is 2147483647, but at most 20 tokens are generated." },
        { new GenerationOptions { MinLength = int.MaxValue }, "MinLength is 2147483647, but with its prompt a text has at most 23 tokens." },
    };

    public static TheoryData<Action, string> Mistakes => new()
    {
        { () => _ = new GenerationOptions { NumBeams = int.MaxValue }, "NumBeams must be at most 4096" },
        { () => _ = new GenerationOptions { NumReturnSequences = int.MaxValue }, "NumReturnSequences must be at most 4096" },
        { () => _ = new GenerationOptions { Temperature = 1e-39 }, "Temperature must lie between 1E-30 and 1E+30" },
        { () => _ = new GenerationOptions { RepetitionPenalty = 1e300 }, "RepetitionPenalty must lie between" },
        { () => _ = new GenerationOptions { LengthPenalty = 1e9 }, "LengthPenalty must lie between -8 and 8, but is 1000000000." },
        { () => _ = new GenerationOptions { EarlyStopping = (EarlyStopping)9 }, "EarlyStopping must be one of" },
        { () => _ = new GenerationOptions { SequenceBias = [null!] }, "SequenceBias holds null" },
        { () => _ = new GenerationOptions { SequenceBias = null! }, "SequenceBias" },
        { () => _ = new GenerationOptions { Processors = [null!] }, "Processors holds null" },
        { () => _ = new GenerationOptions { StopStrings = [""] }, "StopStrings holds an empty string" },
        { () => _ = new SequenceBias([1], double.PositiveInfinity), "The bias must be a number" },
        { () => _ = Prompt.Of((string)null!), "none that is null" },
        { () => _ = Prompt.OfTokens([[1], null!]), "at least one token" },
    };

    public void Dispose() => model.Dispose();

    [Theory]
    [MemberData(nameof(Idle))]
    [MemberData(nameof(TooLong))]
    public void OptionThatCannotBeKeptIsRefusedBeforeAnythingRuns(GenerationOptions options, string message)
    {
        using var ids = ones(1, 3, ScalarType.Int64);
        Assert.Contains(
            message,
            Assert.ThrowsAny<ArgumentException>(() => TextGeneration.Generate(model, new ModelInputs { InputIds = ids }, options)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void NumberThatNoModelCanUseIsRefusedWhereItIsSet(Action mistake, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(mistake).Message, StringComparison.Ordinal);

    [Fact]
    public void OptionsOfAFileThatAreNotUsedAreToldAndThoseOfTheProgramRefused()
    {
        var options = GenerationOptions.Parse("""{"temperature": 0.7, "top_p": 0.9, "min_new_tokens": 400}""", "a test") with { MaxNewTokens = 4 };
        Assert.Equal(
            ["Temperature is 0.7, but no token is drawn: DoSample is false.", "TopP is 0.9, but no token is drawn: DoSample is false."], options.Unread);
        Assert.Equal(4, Assert.Single(TinyGpt2.Generate(model, TinyGpt2.Prompt([1, 2, 3]), options)).Length);
        Assert.Empty((options with { DoSample = true }).Unread);
        Assert.Contains(
            "Temperature is 0.5",
            Assert.Throws<ArgumentException>(() => TinyGpt2.Generate(model, TinyGpt2.Prompt([1, 2, 3]), options with { Temperature = 0.5 })).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"num_beams": 129}""", "'num_beams' is 129: a file may ask for at most 128 rows a prompt")]
    [InlineData("""{"num_beams": 1691, "num_return_sequences": 1691}""", "'num_beams' is 1691")]
    [InlineData("""{"do_sample": true, "num_return_sequences": 4096}""", "'num_return_sequences' is 4096: a file may ask for at most 128 rows a prompt")]
    [InlineData("""{"max_length": 16777217}""", "'max_length' is 16777217: a file may ask for at most 16777216 tokens")]
    [InlineData("""{"max_new_tokens": 2147483647}""", "'max_new_tokens' is 2147483647")]
    [InlineData("""{"min_length": 2147483647}""", "'min_length' is 2147483647")]
    [InlineData("""{"min_new_tokens": 2147483647}""", "'min_new_tokens' is 2147483647")]
    [InlineData("""{"num_beam_groups": 2147483647}""", "'num_beam_groups' is 2147483647, but this way of generating is not supported")]
    public void NumberOfAFileThatTakesAMachineIsRefusedWhereTheFileIsRead(string json, string message) =>
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => GenerationOptions.Parse(json, "a test")).Message, StringComparison.Ordinal);

    [Fact]
    public void AProgramMaySetMoreRowsThanAFile()
    {
        Assert.Equal(128, GenerationOptions.Parse("""{"num_beams": 128}""", "a test").NumBeams);
        Assert.Equal(200, TinyGpt2.Generate(
            model, TinyGpt2.Prompt([1, 2, 3]), new GenerationOptions { NumBeams = 200, NumReturnSequences = 200, MaxNewTokens = 2 }).Length);
    }

    [Fact]
    public void SearchWhoseFirstStepWouldTakeGigabytesIsRefusedBeforeItBegins()
    {
        using var ids = ones(12_000, 1, ScalarType.Int64);
        string Refusal(GenerationOptions options) =>
            Assert.Throws<ArgumentException>(() => TextGeneration.Generate(model, new ModelInputs { InputIds = ids }, options)).Message;

        Assert.StartsWith(
            "NumBeams is 4096 with 12000 prompts, 23 tokens of vocabulary and 0 end tokens: one step alone would hold 4.2 GiB, and at most 4 GiB are taken. "
                + "Ask for fewer, or give fewer prompts at a time.",
            Refusal(new GenerationOptions { NumBeams = 4096 }), StringComparison.Ordinal);
        Assert.StartsWith(
            "NumReturnSequences is 4096 with 12000 prompts", Refusal(new GenerationOptions { NumReturnSequences = 4096, DoSample = true }),
            StringComparison.Ordinal);
        Assert.Contains(
            "1000000 end tokens: one step alone would hold",
            Refusal(new GenerationOptions { NumBeams = 4096, EosTokenIds = [.. Enumerable.Range(0, 1_000_000)] }), StringComparison.Ordinal);
    }

    [Fact]
    public void AsManyTokensAsTheModelHasPositionsForAreGenerated()
    {
        Assert.Equal(46, Assert.Single(TinyGpt2.Generate(model, TinyGpt2.Prompt([1, 2, 3]), new GenerationOptions { MaxNewTokens = 46 })).Length);
        Assert.Equal(
            46, Assert.Single(TinyGpt2.Generate(model, TinyGpt2.Prompt([1, 2, 3]), GenerationOptions.Parse("""{"max_new_tokens": 4096}""", "a test"))).Length);
    }
}
