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

    [Fact]
    public void AsManyTokensAsTheModelHasPositionsForAreGenerated()
    {
        Assert.Equal(46, Assert.Single(TinyGpt2.Generate(model, TinyGpt2.Prompt([1, 2, 3]), new GenerationOptions { MaxNewTokens = 46 })).Length);
        Assert.Equal(
            46, Assert.Single(TinyGpt2.Generate(model, TinyGpt2.Prompt([1, 2, 3]), GenerationOptions.Parse("""{"max_new_tokens": 4096}""", "a test"))).Length);
    }
}
