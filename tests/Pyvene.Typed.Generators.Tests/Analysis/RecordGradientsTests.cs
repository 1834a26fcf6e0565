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
    [InlineData("using var loss = -run.Logits[0, -1, 42]; loss.backward();")]
    [InlineData("run.Logits.mean().backward();")]
    [InlineData("using var loss = nn.functional.cross_entropy(run.Logits[0], torch.tensor(new long[] { 1, 2 })); loss.backward();")]
    [InlineData("using var loss = 2 * (run.Logits - run.CleanLogits!).pow(2).sum() + 0.1; loss.backward();")]
    [InlineData("using var loss = run.LogitsAt(0, ^1)[42]; loss.backward();")]
    [InlineData("var token = 42; using var part = run.Logits[0, -1]; var loss = torch.nn.functional.log_softmax(part, 0)[token]; loss.backward();")]
    public async Task LossOfARunThatRecordsNoneIsFound(string loss) =>
        Assert.StartsWith(
            "'run' is asked for a gradient, but records none",
            await Rule.Finds("PVT219", Program("using var run = [|model.Run(experiment, \"text\")|]; Console.WriteLine(handle); " + loss)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("using var run = model.Run(experiment, \"text\"); using var probe = torch.nn.Linear(4, 2); probe.call(run.Logits).sum().backward();")]
    [InlineData("using var run = model.Run(experiment, \"text\"); var w = torch.ones(1, requires_grad: true); (run.Logits * w).sum().backward();")]
    [InlineData("using var run = model.Run(experiment, \"text\", new RunOptions { Gradients = true }); run.Logits.sum().backward();")]
    [InlineData(
        "using var run = model.Run(experiment, \"text\"); using var probe = nn.Linear(4, 2); "
            + "using var loss = nn.functional.cross_entropy(probe.call(run.Logits), torch.tensor(new long[] { 1 })); loss.backward();")]
    [InlineData("using var run = model.Run(experiment, \"text\"); var values = run.Logits.detach().requires_grad_(true); values.sum().backward();")]
    [InlineData(
        "using var run = model.Run(experiment, \"text\"); using var other = model.Run(experiment, \"text\", new RunOptions { Gradients = true }); "
            + "(run.Logits - other.Logits).sum().backward();")]
    [InlineData("using var run = model.Run(experiment, \"text\"); Loss(run.Logits).backward(); Tensor Loss(Tensor x) => x * torch.ones(1, "
            + "requires_grad: true);")]
    [InlineData("using var run = model.Run(experiment, \"text\"); var loss = torch.zeros(1); loss = loss + run.Logits.sum(); loss.backward();")]
    [InlineData("using var run = model.Run(experiment, \"text\"); void Go(Tensor w) => (run.Logits * w).sum().backward(); Go(torch.ones(1));")]
    public async Task LossThatMayLearnIsLeftAlone(string statements) =>
        await Rule.FindsNothing(Program(statements + " Console.WriteLine(handle);"));

    [Fact]
    public async Task TrainingLoopOverAPlanThatRecordsNoneIsFound() =>
        await Rule.Finds(
            "PVT219",
            """
            using var model = Gpt2.Load("folder");
            using var rotation = new Pyvene.Typed.Interventions.Trainable.LowRankRotatedSpace(128, 4);
            using var optimizer = optim.Adam(rotation.parameters());
            using var plan = model.Bind(Gpt2.Experiment.Apply(Gpt2.Layer(3).BlockOutput.At(^1), rotation));
            for (var step = 0; step < 2; step++)
            {
                using var run = [|plan.Run("a", "b")|];
                using var loss = -run.Logits[0, -1, 42];
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
            }
            """);

    [Theory]
    [InlineData("using var optimizer = optim.Adam([|model.Module.parameters()|]); optimizer.step();", "model.Module.parameters()")]
    [InlineData("var module = model.Module; using var optimizer = optim.SGD([|module.parameters()|], 0.1); optimizer.step();", "module.parameters()")]
    [InlineData("var weights = model.Module.parameters(); using var optimizer = optim.AdamW([|weights|]); optimizer.step();", "weights")]
    [InlineData("model.Module.train(); using var optimizer = optim.Adam([|model.Module.named_parameters()|]); optimizer.step();",
        "model.Module.named_parameters()")]
    public async Task OptimiserOverAFrozenModelIsFound(string statements, string parameters) =>
        Assert.StartsWith(
            $"'{parameters}' are frozen when a model is loaded, so an optimiser over them changes nothing",
            await Rule.Finds("PVT219", Loaded + statements),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("model.Module.Unfreeze(); using var o = optim.Adam(model.Module.parameters()); o.step();")]
    [InlineData("foreach (var p in model.Module.parameters()) p.requires_grad = true; using var o = optim.Adam(model.Module.parameters()); o.step();")]
    [InlineData("foreach (var p in model.Module.parameters()) p.requires_grad_(true); using var o = optim.Adam(model.Module.parameters()); o.step();")]
    [InlineData("Thaw(model); using var o = optim.Adam(model.Module.parameters()); o.step(); void Thaw(LanguageModel<Gpt2> m) => Console.WriteLine(m);")]
    [InlineData("Thaw(model.Module); using var o = optim.Adam(model.Module.parameters()); o.step(); void Thaw(object m) => Console.WriteLine(m);")]
    [InlineData("var all = model.Module.parameters(); foreach (var p in all) Thaw(p); using var o = optim.Adam(all); o.step(); void Thaw(object p) { }")]
    [InlineData("using var probe = nn.Linear(4, 2); using var o = optim.Adam(probe.parameters()); o.step();")]
    [InlineData("Train(model); void Train(LanguageModel<Gpt2> m) { using var o = optim.Adam(m.Module.parameters()); o.step(); }")]
    [InlineData(
        "using var rotation = new Pyvene.Typed.Interventions.Trainable.RotatedSpace(768); using var o = optim.Adam(rotation.parameters()); o.step();")]
    [InlineData("Console.WriteLine(model.Module.parameters().Sum(p => p.numel()));")]
    public async Task OptimiserOverWhatMayLearnIsLeftAlone(string statements) => await Rule.FindsNothing(Loaded + statements);

    [Fact]
    public async Task OptimiserOverAFrozenModelNeedsItsAuthor() =>
        await Rule.OffersNoFix("PVT219", Loaded + "using var optimizer = optim.Adam(model.Module.parameters()); optimizer.step();");

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

    private const string Loaded = "using var model = Gpt2.Load(\"folder\"); ";

    private static string Program(string statements) =>
        $"using var model = Gpt2.Load(\"folder\"); var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(3).MlpOutput, out var handle); {statements}";
}
