using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;

namespace Pyvene.Typed.Tests.Running;

public sealed class GenerateTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";
    private static readonly GenerationOptions Two = new() { MaxNewTokens = 2 };

    [Fact]
    public void PlainTextGoesOnAsTheModelWasTaught() =>
        Assert.StartsWith(" Madrid", Primer.Model.Generate(Spain, Two).Texts[0], StringComparison.Ordinal);

    [Fact]
    public void SwapInThePromptChangesTheAnswer()
    {
        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(^1).During(Steps.Prompt));
        var text = Primer.Model.Generate(experiment, Spain, Italy, Two);
        Assert.StartsWith(" Rome", text.Texts[0], StringComparison.Ordinal);
        Assert.Equal(1, text.Receipts[0].Fired);
    }

    [Fact]
    public void SeriesOfSourcesEndsInTheText()
    {
        // Italy goes into the prompt about Hungary, and the answer of that into the one about Spain.
        var series = Gpt2.Experiment.WithSources(2)
            .Interchange(Gpt2.Layer(1).BlockOutput.At(3).During(Steps.Prompt))
            .Collect(Gpt2.Layer(2).BlockOutput.At(3).During(Steps.Prompt), out var inSource)
            .Interchange(Gpt2.Layer(4).BlockOutput.At(^1).During(Steps.Prompt).From(Source.At(1)))
            .InSeries();
        SourceInput[] sources = [Italy, "The capital of Hungary is"];
        using var run = Primer.Model.Run(series, Spain, sources);
        Assert.Equal(" Rome", run.TopTokens(1).Examples[0].After[0].Text);
        Assert.StartsWith(" Rome", Primer.Model.Generate(series, Spain, sources, Two).Texts[0], StringComparison.Ordinal);
        Assert.StartsWith(" Budapest", Primer.Model.Generate(series.InParallel(), Spain, sources, Two).Texts[0], StringComparison.Ordinal);

        using var scope = TorchSharp.torch.NewDisposeScope();
        using var plan = InterventionPlan.Bind(Primer.Module, series.ToConfig());
        using var generation = plan.Generate(Inputs(Spain), [Inputs(Italy), Inputs("The capital of Hungary is")], Two);
        Assert.Equal(0, Primer.Difference(run[inSource], Assert.Single(generation.Collected[0])));
    }

    [Fact]
    public async Task EveryNumberOfSourcesIsTaken()
    {
        const string Hungary = "The capital of Hungary is";
        var two = Gpt2.Experiment.Interchange(Gpt2.Layer(1).BlockOutput.At(3).During(Steps.Prompt))
            .Interchange(Gpt2.Layer(4).BlockOutput.At(^1).During(Steps.Prompt).From(Source.Second));
        var three = two.Add(Gpt2.Layer(2).MlpOutput.At(^1).During(Steps.Prompt).From(Source.Third));
        var four = three.Add(Gpt2.Layer(3).MlpOutput.At(^1).During(Steps.Prompt).From(Source.Fourth));
        var many = Gpt2.Experiment.WithSources(2)
            .Interchange(Gpt2.Layer(1).BlockOutput.At(3).During(Steps.Prompt))
            .Interchange(Gpt2.Layer(4).BlockOutput.At(^1).During(Steps.Prompt).From(Source.At(1)));
        Assert.Equal(Primer.Model.Generate(two, Spain, Hungary, Italy, Two).Texts[0], await Text(Primer.Model.StreamAsync(two, Spain, Hungary, Italy, Two)));
        Assert.StartsWith(" Rome", Primer.Model.Generate(two, Spain, Source.Skip, Italy, Two).Texts[0], StringComparison.Ordinal);
        Assert.Equal(
            Primer.Model.Generate(many, Spain, [Source.Skip, Italy], Two).Texts[0],
            await Text(Primer.Model.StreamAsync(many, Spain, [Source.Skip, Italy], Two)));
        Assert.Equal(
            Primer.Model.Generate(three, Spain, Italy, Source.Skip, Italy, Two).Texts[0],
            await Text(Primer.Model.StreamAsync(three, Spain, Italy, Source.Skip, Italy, Two)));
        Assert.Equal(
            Primer.Model.Generate(four, Spain, Italy, Hungary, Italy, Hungary, Two).Texts[0],
            await Text(Primer.Model.StreamAsync(four, Spain, Italy, Hungary, Italy, Hungary, Two)));

        static async Task<string> Text(IAsyncEnumerable<string> pieces)
        {
            var text = "";
            await foreach (var piece in pieces)
            {
                text += piece;
            }

            return text;
        }
    }

    [Fact]
    public void StepOfASourceCannotActOnGeneratedTokens()
    {
        var series = Gpt2.Experiment.WithSources(2)
            .Interchange(Gpt2.Layer(1).BlockOutput.During(Steps.Each))
            .Interchange(Gpt2.Layer(4).BlockOutput.At(^1).During(Steps.Prompt).From(Source.At(1)))
            .InSeries();
        var error = Assert.Throws<InterventionException>(() => Primer.Model.Generate(series, Spain, [Italy, Italy], Two));
        Assert.Contains("source 1 is one forward pass", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The texts are those of transformers 4.57.6 with the same weights and <c>stop_strings</c>.</summary>
    [Theory]
    [InlineData("rid.", 1, " Madrid.", " Mary. The capital of Hungary is Budapest. The capital of")]
    [InlineData("The", 1, " Madrid. The", " Mary. The")]
    [InlineData(" is Mad", 1, " Madrid", " Mary. The capital of Hungary is Budapest. The capital of")]
    [InlineData("y", 3, " Madrid. Say", " Mary")]
    public void TextEndsWithTheTokenThatCompletesAStopString(string stop, int beams, string first, string second)
    {
        var options = new GenerationOptions { MaxNewTokens = 12, StopStrings = [stop], NumBeams = beams };
        Assert.Equal(first, Assert.Single(Primer.Model.Generate(Spain, options).Texts));
        Assert.Equal<string>(
            [first, second], Primer.Model.Generate(Prompt.Of(Spain, "When Mary and John went to the store, John gave a drink to"), options).Texts);
    }

    [Fact]
    public void RuleOfOnesOwnEndsAText()
    {
        var text = Primer.Model.Generate(Spain, new GenerationOptions { MaxNewTokens = 12, StopsWhen = tokens => tokens.Count == 8, StopStrings = ["never"] });
        Assert.Equal(8 - 5, text.TokenIds[0].Length);
    }

    [Fact]
    public async Task StreamEndsWithItsText()
    {
        var options = new GenerationOptions { MaxNewTokens = 12, StopStrings = ["The"] };
        var pieces = new List<string>();
        await foreach (var piece in Primer.Model.StreamAsync(Spain, options))
        {
            pieces.Add(piece);
        }

        Assert.Equal([" Madrid", ".", " The"], pieces);
    }

    [Fact]
    public void StopStringsNeedATokenizer() =>
        Assert.Contains("no tokenizer", Assert.Throws<ArgumentException>(() => TextGeneration.Generate(
            Primer.Module, Primer.Inputs(1, 3, 1), new GenerationOptions { MaxNewTokens = 2, StopStrings = ["a"] })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task StreamedPiecesAreTheText()
    {
        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(^1).During(Steps.Prompt));
        var eight = new GenerationOptions { MaxNewTokens = 8 };
        var pieces = new List<string>();
        await foreach (var piece in Primer.Model.StreamAsync(experiment, Spain, Italy, eight))
        {
            pieces.Add(piece);
        }

        Assert.Equal(Primer.Model.Generate(experiment, Spain, Italy, eight).Texts[0], string.Concat(pieces));
        Assert.Equal(8, pieces.Count);
    }

    [Fact]
    public async Task ReaderThatStopsEarlyStopsTheModelAndACancelledOneIsTold()
    {
        var many = new GenerationOptions { MaxNewTokens = 80 };
        await foreach (var piece in Primer.Model.StreamAsync(Spain, many))
        {
            Assert.Equal(" Madrid", piece);
            break;
        }

        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var piece in Primer.Model.StreamAsync(Spain, many, cancelled))
            {
                Assert.Fail($"a cancelled stream gave '{piece}'");
            }
        });
        Assert.StartsWith(" Madrid", Primer.Model.Generate(Spain, Two).Texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public void CacheChangesNothing()
    {
        var vector = new ConstantSource([128], [.. Enumerable.Range(0, 128).Select(index => (index % 7) - 3f)]);
        var experiment = Gpt2.Experiment.Add(Gpt2.Layer(2).MlpOutput.At(^1).During(Steps.Prompt.And(Steps.At(0, 2))), vector);
        string[] prompts = [Spain, "When Mary and John went to the store, John gave a drink to"];
        var (with, without) = (
            Primer.Model.Generate(experiment, prompts, new GenerationOptions { MaxNewTokens = 6 }),
            Primer.Model.Generate(experiment, prompts, new GenerationOptions { MaxNewTokens = 6, UseCache = false }));
        Assert.Equal(with.TokenIds.Select(row => string.Join(' ', row)), without.TokenIds.Select(row => string.Join(' ', row)));
    }

    [Fact]
    public void EveryTokenIsSteeredWhenEachStepIsMeant()
    {
        var vector = new ConstantSource([128], [.. Enumerable.Repeat(0.5f, 128)]);
        var text = Primer.Model.Generate(
            Gpt2.Experiment.Add(Gpt2.Layer(2).MlpOutput.During(Steps.Each), vector), Spain, new GenerationOptions { MaxNewTokens = 5, EosTokenIds = [] });
        Assert.Equal(4, text.Receipts[0].Fired); // the last token is never processed
    }

    [Fact]
    [Trait("Failure", "SF28 at bind: an intervention for every step of generation acts on the prompt alone")]
    public void PlaceThatDoesNotSayWhenIsRefused()
    {
#pragma warning disable PVT214 // The rule finds in the editor what this test looks for at run time.
        var error = Assert.Throws<InterventionException>(() => Primer.Model.Generate(Gpt2.Experiment.Zero(Gpt2.Layer(2).MlpOutput), Spain, Two));
#pragma warning restore PVT214
        Assert.Equal("steps", error.Field);
    }

    [Fact]
    public void StepsOfAGenerationAreRefusedInASingleRun()
    {
#pragma warning disable PVT216 // The rule finds in the editor what this test looks for at run time.
        var error = Assert.Throws<InterventionException>(() => Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(2).MlpOutput.During(Steps.Each)), Spain));
#pragma warning restore PVT216
        Assert.Equal("steps", error.Field);
    }

    [Fact]
    public void StepsComeBackFromJson()
    {
        var config = Gpt2.Experiment.Zero(Gpt2.Layer(2).MlpOutput.During(Steps.Prompt.And(Steps.At(3, 1)))).ToConfig();
        Assert.Contains("\"steps\": [\"prompt\", 1, 3]", config.ToJson(), StringComparison.Ordinal);
        Assert.Equal(config, InterventionConfig.FromJson(config.ToJson()));
    }

    private static Typed.Models.ModelInputs Inputs(string text) =>
        new() { InputIds = TorchSharp.torch.tensor(Primer.Model.Tokenizer!.Encode(text).Select(id => (long)id).ToArray()).unsqueeze(0) };
}
