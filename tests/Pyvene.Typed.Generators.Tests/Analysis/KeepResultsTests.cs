namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class KeepResultsTests
{
    private const string Loop =
        """
        var experiment = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput);
        foreach (var layer in new[] { 1, 2 })
        {
            // another layer
            experiment.Zero(Gpt2.Layer(layer).MlpOutput);
        }

        Console.WriteLine(experiment);
        """;

    [Fact]
    public async Task StepWhoseResultIsDroppedIsFound() =>
        Assert.Equal(
            "'Zero' changes nothing, it returns a new value, which is dropped here; assign it: experiment = …",
            await Rule.Finds(
                "PVT203",
                Loop.Replace("experiment.Zero(Gpt2.Layer(layer).MlpOutput)", "[|experiment.Zero(Gpt2.Layer(layer).MlpOutput)|]", StringComparison.Ordinal)));

    [Fact]
    public async Task FixAssignsTheResultBack() =>
        await Rule.Fixes("PVT203", Loop, Loop.Replace("    experiment.Zero", "    experiment = experiment.Zero", StringComparison.Ordinal));

    [Fact]
    public async Task FixAssignsTheWholeChain() =>
        await Rule.Fixes(
            "PVT203",
            "static string Name(Experiment<Gpt2, OneSource> e) { e.Interchange(Gpt2.Layer(1).MlpOutput).Zero(Gpt2.Layer(2).MlpOutput); return e.ToString(); }",
            "static string Name(Experiment<Gpt2, OneSource> e) { e = e.Interchange(Gpt2.Layer(1).MlpOutput).Zero(Gpt2.Layer(2).MlpOutput); "
                + "return e.ToString(); }");

    [Theory]
    [InlineData("var experiment = Gpt2.Experiment; experiment.Interchange(Gpt2.Layer(1).MlpOutput); Console.WriteLine(experiment);")]
    [InlineData("Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput);")]
    [InlineData(
        "static void Sweep(LanguageModel<Gpt2> model) => model.Sweep(Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.MlpOutput), \"a\", "
            + "Metric.Probability(\" b\"));")]
    [InlineData("var site = Gpt2.Layer(1).MlpOutput; site.At(^1); Console.WriteLine(site);")]
    public async Task StepThatChangesTheTypeHasNoPlaceToBeAssignedTo(string program) => await Rule.OffersNoFix("PVT203", program);

    [Theory]
    [InlineData("[|model.StreamAsync(\"text\")|];")]
    [InlineData("[|model.StreamAsync(Gpt2.Experiment, \"text\")|];")]
    [InlineData("var stream = [|model.StreamAsync(\"text\")|];")]
    [InlineData("using var plan = model.Bind(Gpt2.Experiment.ToConfig()); [|plan.StreamAsync(\"text\")|];")]
    public async Task StreamThatNobodyReadsIsFound(string program) =>
        Assert.EndsWith(
            "it runs while it is read: await foreach (var piece in …)",
            await Rule.Finds(
                "PVT203",
                "using var model = Gpt2.Load(\"folder\"); " + program,
                program.Contains("var stream", StringComparison.Ordinal) ? [] : ["CS4014"]), // a stream can be awaited, so the compiler warns of it too
            StringComparison.Ordinal);

    [Theory]
    [InlineData("new[] { \"a\", \"b\" }.Select(text => model.Run(Gpt2.Experiment, text).TopTokens(3));")]
    [InlineData("new[] { \"a\" }.Select(text => { using var run = model.Run(Gpt2.Experiment, text); return run.TopTokens(3); });")]
    public async Task QueryThatNobodyReadsIsFound(string program) =>
        Assert.Contains(
            "'Select' changes nothing, it returns a new value, which is dropped here; it runs while it is read: foreach (var item in …)",
            (await AnalyzedProgram.Of("using var model = Gpt2.Load(\"folder\"); " + program).Diagnose()).Select(found => found.GetMessage(null)));

    [Theory]
    [InlineData("await foreach (var piece in model.StreamAsync(\"text\")) Console.Write(piece);")]
    [InlineData("var stream = model.StreamAsync(\"text\"); await foreach (var piece in stream) Console.Write(piece);")]
    [InlineData("var stream = model.StreamAsync(\"text\"); await Read(); async System.Threading.Tasks.Task Read() { await foreach (var piece in "
            + "stream) Console.Write(piece); }")]
    [InlineData("var stream = model.StreamAsync(\"text\"); await using var pieces = stream.GetAsyncEnumerator(); await pieces.MoveNextAsync();")]
    [InlineData("_ = model.StreamAsync(\"text\");")]
    [InlineData("var streams = new[] { \"a\" }.Select(text => model.StreamAsync(text)); foreach (var s in streams) await foreach (var p in s) "
            + "Console.Write(p);")]
    [InlineData("new List<string> { \"a\" }.ForEach(text => Console.WriteLine(model.Generate(text)));")]
    [InlineData("new[] { \"a\" }.Select(text => model.Generate(text)).ToList();")]
    public async Task StreamThatIsReadIsLeftAlone(string program) => await Rule.FindsNothing("using var model = Gpt2.Load(\"folder\"); " + program);

    [Theory]
    [InlineData("var e = Gpt2.Experiment; e = e.Zero(Gpt2.Layer(1).MlpOutput); Console.WriteLine(e);")]
    [InlineData("_ = Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput);")]
    [InlineData("Gpt2.Experiment.ToConfig().Save(\"swap.json\");")]
    [InlineData("\"text\".Trim(); Math.Abs(-1);")]
    public async Task UsedResultIsLeftAlone(string program) => await Rule.FindsNothing(program);

    [Theory]
    [InlineData(
        "var e = Gpt2.Small.AllLayers.Aggregate(Gpt2.Experiment, [|(experiment, layer) => Gpt2.Experiment.Zero(layer.MlpOutput)|]); Console.WriteLine(e);",
        "'experiment' is made anew with every item, so that all but the last are dropped; go on from it: (experiment, layer) => experiment.…")]
    [InlineData("var e = new[] { 1, 2 }.Aggregate(Gpt2.Experiment, [|(all, layer) => { var place = Gpt2.Layer(layer).MlpOutput; "
            + "return Gpt2.Experiment.Zero(place); }|], all => all.ToConfig()); Console.WriteLine(e);",
        "'all' is made anew with every item, so that all but the last are dropped; go on from it: (all, layer) => all.…")]
    [InlineData("var e = Gpt2.Experiment; foreach (var layer in new[] { 1, 2 }) { [|e = Gpt2.Experiment.Zero(Gpt2.Layer(layer).MlpOutput)|]; } "
            + "Console.WriteLine(e);",
        "'e' is made anew with every item, so that all but the last are dropped; go on from it: e = e.…")]
    [InlineData("var first = Gpt2.Experiment; var e = first; foreach (var (layer, head) in new[] { (1, 2) }) "
            + "[|e = first.Zero(Gpt2.Layer(layer).HeadValueOutput.Head(head))|]; Console.WriteLine(e);",
        "'e' is made anew with every item, so that all but the last are dropped; go on from it: e = e.…")]
    public async Task FoldThatBeginsAnewIsFound(string program, string message) => Assert.Equal(message, await Rule.Finds("PVT203", program));

    [Theory]
    [InlineData("static Experiment<Gpt2, NoSource> Add(Experiment<Gpt2, NoSource> e, int layer) => [|Gpt2.Experiment|].Zero(Gpt2.Layer(layer).MlpOutput);")]
    [InlineData("static Experiment<Gpt2, NoSource> Add(Experiment<Gpt2, NoSource> e, int layer) { var place = Gpt2.Layer(layer).MlpOutput; "
            + "return [|Gpt2.Experiment|].Zero(place); }")]
    public async Task FunctionThatDropsTheExperimentThatItIsGivenIsFound(string function)
    {
        const string Message = "'e' is never read, so that what 'Add' is given is dropped; go on from it: e.…";
        Assert.Equal(Message, await Rule.Finds("PVT203", function + " Console.WriteLine(Add(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput), 2));"));
        Assert.Equal(Message, await Rule.Finds("PVT203", "Console.WriteLine(Steps.Add(Gpt2.Experiment, 2)); static class Steps { public " + function + " }"));
    }

    [Theory]
    [InlineData("static Experiment<Gpt2, NoSource> Add(Experiment<Gpt2, NoSource> e, int layer) => e.Zero(Gpt2.Layer(layer).MlpOutput);")]
    [InlineData("static Experiment<Gpt2, NoSource> Add(Experiment<Gpt2, NoSource>? e, int layer) => (e ?? Gpt2.Experiment).Zero(Gpt2.Layer(layer).MlpOutput);")]
    [InlineData("static Experiment<Gpt2, NoSource> Add(Experiment<Gpt2, NoSource> _, int layer) => Gpt2.Experiment.Zero(Gpt2.Layer(layer).MlpOutput);")]
    [InlineData("static Experiment<Gpt2, NoSource> Add(Experiment<Gpt2, NoSource> e, int layer) => layer > 1 ? Gpt2.Experiment : e;")]
    public async Task FunctionThatGoesOnFromItIsLeftAlone(string function) =>
        await Rule.FindsNothing(function + " Console.WriteLine(Add(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput), 2));");

    [Theory]
    [InlineData("var e = Gpt2.Small.AllLayers.Aggregate(Gpt2.Experiment, (experiment, layer) => experiment.Zero(layer.MlpOutput)); Console.WriteLine(e);")]
    [InlineData("var e = Gpt2.Small.AllLayers.Aggregate(Gpt2.Experiment, (_, layer) => Gpt2.Experiment.Zero(layer.MlpOutput)); Console.WriteLine(e);")]
    [InlineData("var e = new[] { 1, 2 }.Aggregate(Gpt2.Experiment, Also); Console.WriteLine(e); "
            + "static Experiment<Gpt2, NoSource> Also(Experiment<Gpt2, NoSource> e, int layer) => e.Zero(Gpt2.Layer(layer).MlpOutput);")]
    [InlineData("var count = new[] { 1, 2 }.Aggregate(0, (sum, layer) => Gpt2.Experiment.Zero(Gpt2.Layer(layer).MlpOutput).ToString().Length); "
            + "Console.WriteLine(count);")]
    [InlineData("var e = Gpt2.Experiment; foreach (var layer in new[] { 1, 2 }) { e = Gpt2.Experiment.Zero(Gpt2.Layer(layer).MlpOutput); "
            + "Console.WriteLine(e); }")]
    [InlineData("var e = Gpt2.Experiment; foreach (var layer in new[] { 1, 2 }) { e = Gpt2.Experiment.Zero(Gpt2.Layer(layer).MlpOutput); Show(); } "
            + "void Show() => Console.WriteLine(e);")]
    [InlineData("var e = Gpt2.Experiment; foreach (var layer in new[] { 1, 2 }) { e = Gpt2.Experiment.Zero(Gpt2.Layer(layer).MlpOutput); break; } "
            + "Console.WriteLine(e);")]
    [InlineData("var e = Gpt2.Experiment; foreach (var layer in new[] { 1, 2 }) { if (layer > 1) e = Gpt2.Experiment.Zero(Gpt2.Layer(layer).MlpOutput); } "
            + "Console.WriteLine(e);")]
    [InlineData("var e = Gpt2.Experiment; foreach (var layer in new[] { 1, 2 }) e = e.Zero(Gpt2.Layer(layer).MlpOutput); Console.WriteLine(e);")]
    [InlineData("foreach (var layer in new[] { 1, 2 }) { Experiment<Gpt2, NoSource> e; e = Gpt2.Experiment.Zero(Gpt2.Layer(layer).MlpOutput); "
            + "Console.WriteLine(e); }")]
    public async Task FoldThatGoesOnIsLeftAlone(string program) => await Rule.FindsNothing(program);
}
