namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class ActInGenerationsTests
{
    [Theory]
    [InlineData(
        "using var run = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.At(^1).During([|Steps.Each|])), \"text\"); Console.WriteLine(run.Logits);",
        "Steps.Each is for tokens that are generated, but 'Run' is one forward pass")]
    [InlineData(
        "var e = Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.During([|Steps.At(0, 2)|])); using var run = model.Run(e, \"text\"); "
            + "Console.WriteLine(run.Logits);",
        "Steps.At(0, 2) is for tokens that are generated, but 'Run' is one forward pass")]
    [InlineData(
        "Console.WriteLine(model.Sweep(Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.MlpOutput.During([|Steps.Each|])), \"text\", Metric.Probability(\" "
            + "Rome\")));",
        "Steps.Each is for tokens that are generated, but 'Sweep' is one forward pass")]
    [InlineData(
        "using var plan = model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.During([|Steps.Each|]))); using var run = plan.Run(\"text\"); "
            + "Console.WriteLine(run.Logits);",
        "Steps.Each is for tokens that are generated, but 'Run' is one forward pass")]
    public async Task StepOfAGenerationInAForwardPassIsFound(string statements, string message) =>
        Assert.Equal($"{message}, and this throws; leave During out, or call Generate", await Rule.Finds("PVT216", Program(statements)));

    [Theory]
    [InlineData("using var run = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.During(Steps.Prompt)), \"text\"); Console.WriteLine(run.Logits);")]
    [InlineData("Console.WriteLine(model.Generate(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.During(Steps.Each)), \"text\"));")]
    [InlineData(
        "static object Run(LanguageModel<Gpt2> model, Steps steps) { using var run = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.During(steps)), "
            + "\"text\"); return run.Receipts; } Console.WriteLine(Run(model, Steps.Prompt));")]
    public async Task StepThatIsActedOnIsLeftAlone(string statements) => await Rule.FindsNothing(Program(statements));

    private static string Program(string statements) => $"using var model = Gpt2.Load(\"folder\"); {statements}";
}
