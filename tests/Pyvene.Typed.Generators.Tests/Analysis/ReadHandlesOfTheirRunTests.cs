namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class ReadHandlesOfTheirRunTests
{
    [Theory]
    [InlineData("using var run = model.Run(b, \"text\"); Console.WriteLine(run[[|one|]]);")]
    [InlineData("using var run = model.Run(a.Zero(Gpt2.Layer(3).MlpOutput), \"text\"); Console.WriteLine(run[one]); Console.WriteLine(run[[|two|]]);")]
    [InlineData("using var run = model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(3).MlpOutput), \"text\", \"other\"); Console.WriteLine(run[[|two|]]);")]
    public async Task HandleOfAnotherExperimentIsFound(string statements) =>
        Assert.Matches(
            "^'run' is a run of an experiment without the step that gave '(one|two)', so it throws; read a handle in a run of its own experiment$",
            await Rule.Finds("PVT206", Program(statements)));

    [Theory]
    [InlineData("using var run = model.Run(a, \"text\"); Console.WriteLine(run[one]);")]
    [InlineData("using var run = model.Run(b.Zero(Gpt2.Layer(3).MlpOutput), \"text\"); Console.WriteLine(run[two]);")]
    [InlineData(
        "var both = a.Collect(Gpt2.Layer(2).MlpOutput, out var three); using var run = model.Run(both, \"text\"); Console.WriteLine(run[one]); "
            + "Console.WriteLine(run[three]);")]
    [InlineData("var any = a; if (one.Name.Length > 3) any = b; using var run = model.Run(any, \"text\"); Console.WriteLine(run[two]);")]
    [InlineData(
        "Show(model, a); void Show(LanguageModel<Gpt2> m, Experiment<Gpt2, NoSource> e) { using var run = m.Run(e, \"text\"); Console.WriteLine(run[two]); }")]
    public async Task HandleThatMayBeOfTheRunIsLeftAlone(string statements) => await Rule.FindsNothing(Program(statements));

    private static string Program(string statements) =>
        $"""
        using var model = Gpt2.Load("folder");
        var a = Gpt2.Experiment.Collect(Gpt2.Layer(0).MlpOutput, out var one);
        var b = Gpt2.Experiment.Collect(Gpt2.Layer(1).MlpOutput, out var two);
        Console.WriteLine(one.Name + two.Name + a + b);
        {statements}
        """;
}
