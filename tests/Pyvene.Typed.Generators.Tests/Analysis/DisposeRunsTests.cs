namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class DisposeRunsTests
{
    private const string Run =
        """
        using var model = Gpt2.Load("folder");
        var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput);
        // the run
        var run = model.Run(experiment, "text");
        Console.WriteLine(run.TopTokens(5));
        """;

    [Fact]
    public async Task RunInALocalThatNobodyDisposesIsFound() =>
        Assert.Equal(
            "The ExperimentRun that 'Run' returns is never disposed, so its tensors or hooks stay; write 'using' before 'run'",
            await Rule.Finds("PVT204", Run.Replace("model.Run(experiment, \"text\")", "[|model.Run(experiment, \"text\")|]", StringComparison.Ordinal)));

    [Fact]
    public async Task FixWritesUsing() => await Rule.Fixes("PVT204", Run, Run.Replace("var run", "using var run", StringComparison.Ordinal));

    [Theory]
    [InlineData("var model = [|Gpt2.Load(\"folder\")|]; Console.WriteLine(model.LayerCount);")]
    [InlineData("static void Bind(Pyvene.Typed.Models.PretrainedModel model) { var plan = [|InterventionPlan.Bind(model, new InterventionConfig())|]; Console.WriteLine(plan.ToString()); }")]
    [InlineData("static void Run(LanguageModel<Gpt2> model) { [|model.Run(Gpt2.Experiment, \"text\")|]; }")]
    [InlineData("static void Run(LanguageModel<Gpt2> model) { Action go = () => { var run = [|model.Run(Gpt2.Experiment, \"text\")|]; Console.WriteLine(run.Logits); }; go(); }")]
    public async Task PlanModelAndDroppedRunAreFound(string program) => await Rule.Finds("PVT204", program);

    [Theory]
    [InlineData("using var run = model.Run(e, \"text\"); Console.WriteLine(run.Logits);")]
    [InlineData("using (var run = model.Run(e, \"text\")) Console.WriteLine(run.Logits);")]
    [InlineData("var run = model.Run(e, \"text\"); try { Console.WriteLine(run.Logits); } finally { run.Dispose(); }")]
    [InlineData("var run = model.Run(e, \"text\"); using (run) Console.WriteLine(run.Logits);")]
    [InlineData("var run = model.Run(e, \"text\"); run?.Dispose();")]
    [InlineData("var run = model.Run(e, \"text\"); var runs = new List<IDisposable> { run }; Console.WriteLine(runs.Count);")]
    [InlineData("var run = model.Run(e, \"text\"); Keep(run); static void Keep(IDisposable kept) => kept.Dispose();")]
    [InlineData("ExperimentRun<Gpt2> Make() { var run = model.Run(e, \"text\"); return run; } using var made = Make();")]
    [InlineData("ExperimentRun<Gpt2> Make() => model.Run(e, \"text\"); using var made = Make();")]
    public async Task RunThatIsDisposedOrHandedOnIsLeftAlone(string statements) =>
        await Rule.FindsNothing($"using var model = Gpt2.Load(\"folder\"); var e = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput); {statements}");
}
