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
    [InlineData(
        "static object Run(LanguageModel<Gpt2> model, Experiment<Gpt2, OneSource> e, string text) { e = Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput); "
            + "using var run = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput), text, [|text|]); return run.TopTokens(3); }")]
    [InlineData(
        "using var model = Gpt2.Load(\"folder\"); var prompt = Prompt.Of(\"a\", \"b\"); using var run = "
            + "model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput), source: [|prompt|], @base: prompt); Console.WriteLine(run.Logits);")]
    [InlineData(
        "class Own(LanguageModel<Gpt2> model) { private readonly string text = \"a\"; object Run() { using var run = "
            + "model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput), text, [|this.text|]); return run.TopTokens(3); } }")]
    [InlineData(
        "using var model = Gpt2.Load(\"folder\"); using var plan = model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput)); "
            + "using var run = plan.Run(\"text\", [|\"text\"|]); Console.WriteLine(run.Logits);")]
    public async Task VariableOrTextThatIsBaseAndSourceIsFound(string program) =>
        Assert.EndsWith("so exchanging their values changes nothing; give another source", await Rule.Finds("PVT209", program), StringComparison.Ordinal);

    [Theory]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput)", "\"Spain\"", "\"Italy\"")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput)", "Console.ReadLine()!", "Console.ReadLine()!")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput)", "\"Spain\"", "Source.Skip")]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Layer(3).MlpOutput)", "\"Spain\"", "\"Spain\"")]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(2).MlpOutput).Interchange(Gpt2.Layer(3).MlpOutput)", "\"Spain\"", "\"Spain\"")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput.At(1).ReadAt(2))", "\"Spain\"", "\"Spain\"")]
    public async Task RunThatMayChangeSomethingIsLeftAlone(string experiment, string @base, string source) =>
        await Rule.FindsNothing(Program(experiment, @base, source));

    private static string Program(string experiment, string @base, string source) =>
        $"""
        const string Text = "Spain";
        using var model = Gpt2.Load("folder");
        using var run = model.Run({experiment}, @base: {@base}, source: {source});
        Console.WriteLine(run.Logits + Text);
        """;
}
