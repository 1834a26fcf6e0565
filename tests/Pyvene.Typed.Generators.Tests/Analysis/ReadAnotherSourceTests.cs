namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class ReadAnotherSourceTests
{
    [Theory]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput)")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput.At(^1)).Collect(Gpt2.Layer(4).MlpOutput, out _)")]
    public async Task PromptThatIsExchangedWithItselfIsFound(string experiment) =>
        Assert.Equal(
            "Base and source are both \"Spain\", so exchanging their values changes nothing; give another source",
            await Rule.Finds("PVT209", Program(experiment, "\"Spain\"", "[|Text|]")));

    [Theory]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput)", "\"Spain\"", "\"Italy\"")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput)", "\"Spain\"", "Source.Skip")]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Layer(3).MlpOutput)", "\"Spain\"", "\"Spain\"")]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(2).MlpOutput).Interchange(Gpt2.Layer(3).MlpOutput)", "\"Spain\"", "\"Spain\"")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput.At(1).ReadAt(2))", "\"Spain\"", "\"Spain\"")]
    public async Task RunThatMayChangeSomethingIsLeftAlone(string experiment, string @base, string source) => await Rule.FindsNothing(Program(experiment, @base, source));

    private static string Program(string experiment, string @base, string source) =>
        $"""
        const string Text = "Spain";
        using var model = Gpt2.Load("folder");
        using var run = model.Run({experiment}, @base: {@base}, source: {source});
        Console.WriteLine(run.Logits + Text);
        """;
}
