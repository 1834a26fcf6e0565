namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class WriteWhereItIsSeenTests
{
    [Theory]
    [InlineData("Gpt2.Experiment.Zero([|Gpt2.Layer(3).MlpOutput|]).Zero(Gpt2.Layer(3).MlpOutput)")]
    [InlineData("Gpt2.Experiment.Zero([|Gpt2.Layer(3).MlpOutput.At(^1)|]).Interchange(Gpt2.Layer(3).MlpOutput.At( ^1 ))")]
    [InlineData("Gpt2.Experiment.Interchange([|Gpt2.Layer(3).MlpOutput.At(^1)|]).Interchange(Gpt2.Layer(3).MlpOutput.At(^1).From(Source.Second))")]
    [InlineData("Gpt2.Experiment.Interchange([|Gpt2.Layer(3).MlpOutput.At(1)|]).Interchange(Gpt2.Layer(3).MlpOutput.At(1).ReadAt(2))")]
    [InlineData("Gpt2.Experiment.Zero([|Gpt2.Layer(3).BlockOutput.At(^1)|]).Zero(Gpt2.Layer(3).BlockOutput)")]
    [InlineData("Gpt2.Experiment.Interchange([|Gpt2.Layer(3).HeadAttentionValueOutput.Head(1).At(2)|]).Zero(Gpt2.Layer(3).HeadAttentionValueOutput)")]
    public async Task SecondWriterAtOnePlaceIsFound(string experiment) =>
        Assert.EndsWith(
            "replaces the values there; drop one of the two", await Rule.Finds("PVT208", $"Console.WriteLine({experiment});"), StringComparison.Ordinal);

    [Theory]
    [InlineData("Gpt2.Experiment.Zero([|Gpt2.Layer(3).MlpOutput|]).Zero(Gpt2.Layer(3).BlockOutput)")]
    [InlineData("Gpt2.Experiment.Interchange([|Gpt2.Layer(2).AttentionWeight.Head(1)|]).Interchange(Gpt2.Layer(3).BlockOutput)")]
    public async Task WriteInFrontOfAReplacedStreamIsFound(string experiment) =>
        Assert.EndsWith(
            "replaces all that goes on from there; drop one of the two",
            await Rule.Finds("PVT207", $"Console.WriteLine({experiment});"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.At(0)).Zero(Gpt2.Layer(3).MlpOutput.At(1))")]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput).Add(Gpt2.Layer(3).MlpOutput)")]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput).Collect(Gpt2.Layer(3).MlpOutput, out _).Zero(Gpt2.Layer(3).MlpOutput)")]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(4).MlpOutput).Zero(Gpt2.Layer(3).BlockOutput)")]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput).Zero(Gpt2.Layer(3).BlockOutput.At(^1))")]
    [InlineData("Gpt2.Experiment.Collect(Gpt2.Layer(3).MlpOutput, out _).Zero(Gpt2.Layer(2).MlpOutput).Zero(Gpt2.Layer(3).BlockOutput)")]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(Random.Shared.Next(3)).MlpOutput).Zero(Gpt2.Layer(Random.Shared.Next(3)).MlpOutput)")]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput).Interchange(Gpt2.Layer(5).MlpOutput)")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput).Interchange(Gpt2.Layer(3).MlpOutput.From(Source.Second)).InSeries()")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput).Interchange(Gpt2.Layer(3).BlockOutput.From(Source.Second)).InSeries()")]
    public async Task WriteThatSomethingSeesIsLeftAlone(string experiment) => await Rule.FindsNothing($"Console.WriteLine({experiment});");

    [Theory]
    [InlineData("MlpOutput")]
    [InlineData("BlockOutput")]
    public async Task WriteThatALeftOutSourceWouldReplaceIsLeftAlone(string component) => await Rule.FindsNothing($$"""
        static ExperimentRun<Gpt2> Ablated(LanguageModel<Gpt2> model) =>
            model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput).Interchange(Gpt2.Layer(3).{{component}}), "The capital of Spain is", Source.Skip);
        """);
}
