namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class RecordGradientsTests
{
    private const string Read = "using var gradient = run.Gradient(run.Logits[0, -1, 7], handle); Console.WriteLine(gradient);";

    [Theory]
    [InlineData("using var run = [|model.Run(experiment, \"text\")|];")]
    [InlineData("using var run = model.Run(experiment, \"text\", [|new RunOptions { WithClean = true }|]);")]
    [InlineData("using var run = model.Run(experiment, \"text\", options: [|null|]);")]
    [InlineData("var options = new RunOptions { Gradients = false }; using var run = model.Run(experiment, \"text\", [|options|]);")]
    public async Task RunThatRecordsNoneIsFound(string run) =>
        Assert.Equal(
            "'run' is asked for a gradient, but records none, and this throws; run with new RunOptions { Gradients = true }",
            await Rule.Finds("PVT219", Program(run + Read)));

    [Theory]
    [InlineData("using var run = model.Run(experiment, \"text\", new RunOptions { Gradients = true });")]
    [InlineData("using var run = model.Run(experiment, \"text\", new() { WithClean = true, Gradients = args.Length > 1 });")]
    [InlineData("static RunOptions Options() => new() { Gradients = true }; using var run = model.Run(experiment, \"text\", Options());")]
    public async Task RunThatMayRecordThemIsLeftAlone(string run) => await Rule.FindsNothing(Program(run + Read));

    [Theory]
    [InlineData("using var run = model.Run(experiment, \"text\");",
        "using var run = model.Run(experiment, \"text\", new RunOptions { WithClean = true, Gradients = true });")]
    [InlineData("using var run = model.Run(experiment, @base: \"text\");",
        "using var run = model.Run(experiment, @base: \"text\", options: new RunOptions { WithClean = true, Gradients = true });")]
    [InlineData("using var run = model.Run(experiment, \"text\", new() { WithClean = true });",
        "using var run = model.Run(experiment, \"text\", new() { WithClean = true, Gradients = true });")]
    [InlineData("using var run = model.Run(experiment, \"text\", new RunOptions { Gradients = false });",
        "using var run = model.Run(experiment, \"text\", new RunOptions { Gradients = true });")]
    public async Task FixRecordsThem(string run, string expected) => await Rule.Fixes("PVT219", Program(run + Read), Program(expected + Read));

    [Fact]
    public async Task OptionsThatAreMadeElsewhereAreTheAuthors() =>
        await Rule.OffersNoFix("PVT219", Program("var options = new RunOptions(); using var run = model.Run(experiment, \"text\", options);" + Read));

    private static string Program(string statements) =>
        $"using var model = Gpt2.Load(\"folder\"); var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(3).MlpOutput, out var handle); {statements}";
}
