namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class SayWhenItActsTests
{
    [Theory]
    [InlineData("Console.WriteLine(model.Generate(Gpt2.Experiment.Zero([|Gpt2.Layer(3).MlpOutput|]), \"text\"));")]
    [InlineData("foreach (var layer in new[] { 1, 2 }) Console.WriteLine(model.Generate(Gpt2.Experiment.Zero([|Gpt2.Layer(layer).MlpOutput|]), \"text\"));")]
    [InlineData(
        "var e = Gpt2.Experiment.Interchange([|Gpt2.Layer(3).MlpOutput.At(^1)|]).Zero(Gpt2.Layer(4).MlpOutput.During(Steps.Each)); "
            + "Console.WriteLine(model.Generate(e, \"text\", \"other\"));")]
    public async Task StepThatDoesNotSayWhenIsFound(string statements) =>
        Assert.EndsWith(
            "add During(Steps.Prompt), During(Steps.Each) or During(Steps.At(…))", await Rule.Finds("PVT214", Program(statements)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Console.WriteLine(model.Generate(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput.At(^1).During(Steps.Prompt)), \"text\"));")]
    [InlineData("var site = Gpt2.Layer(3).MlpOutput.During(Steps.At(0)); Console.WriteLine(model.Generate(Gpt2.Experiment.Zero(site), \"text\"));")]
    [InlineData(
        "foreach (var layer in new[] { 1, 2 }) Console.WriteLine(model.Generate(Gpt2.Experiment.Zero(Places.Mlp), \"text\")); "
            + "static class Places { public static Site<Gpt2> Mlp => Gpt2.Layer(0).MlpOutput.During(Steps.Each); }")]
    [InlineData("using var run = model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput), \"text\"); Console.WriteLine(run.Logits);")]
    [InlineData("Console.WriteLine(model.Generate(\"text\"));")]
    public async Task GenerationThatIsToldIsLeftAlone(string statements) => await Rule.FindsNothing(Program(statements));

    private static string Program(string statements) => $"using var model = Gpt2.Load(\"folder\"); {statements}";
}
