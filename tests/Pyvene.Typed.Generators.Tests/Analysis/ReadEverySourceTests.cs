namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class ReadEverySourceTests
{
    [Theory]
    [InlineData("Gpt2.Experiment.WithSources([|2|]).Interchange(Gpt2.Layer(3).MlpOutput.At(1)).Interchange(Gpt2.Layer(4).MlpOutput.At(1))", 1)]
    [InlineData("Gpt2.Experiment.WithSources([|2|]).Zero(Gpt2.Layer(2).MlpOutput).Add(Gpt2.Layer(3).MlpOutput.From(Source.At(1))).InSeries()", 0)]
    public async Task SourceThatNoStepReadsIsFound(string experiment, int source) => Assert.Equal(
        $"The experiment takes 2 sources, but no step reads source {source} (they count from 0); read it with From(Source.At({source})), or take fewer",
        await Rule.Finds("PVT222", Program(experiment)));

    [Theory]
    [InlineData("Gpt2.Experiment.WithSources(2).Interchange(Gpt2.Layer(3).MlpOutput.At(1)).Interchange(Gpt2.Layer(4).MlpOutput.At(1).From(Source.At(1)))")]
    [InlineData(
        "Gpt2.Experiment.WithSources(2).Interchange(Gpt2.Layer(3).MlpOutput.At(1).From(Source.Second))"
            + ".Interchange(Gpt2.Layer(4).MlpOutput.At(1).From(Source.First))")]
    [InlineData("Gpt2.Experiment.WithSources(2).Interchange(Gpt2.Layer(3).MlpOutput.At(1).From(Source.At(Random.Shared.Next(2))))")]
    [InlineData("Build(Gpt2.Experiment.WithSources(2).Interchange(Gpt2.Layer(3).MlpOutput.At(1)))")]
    public async Task SourceThatMayBeReadIsLeftAlone(string experiment) => await Rule.FindsNothing(Program(experiment));

    private static string Program(string experiment) =>
        $"using var model = Gpt2.Load(\"folder\"); using var run = model.Run({experiment}, \"a\", [\"b\", \"c\"]); Console.WriteLine(run.Logits); static "
            + "Experiment<Gpt2, ManySources> Build(Experiment<Gpt2, ManySources> begun) => begun.Interchange(Gpt2.Layer(4).MlpOutput.From(Source.At(1)));";
}
