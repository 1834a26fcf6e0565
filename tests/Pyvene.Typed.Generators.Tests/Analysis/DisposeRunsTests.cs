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

    [Theory]
    [InlineData("var plan = [|model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput))|]; using var run = plan.Run(\"text\"); Console.WriteLine(run.Logits);")]
    [InlineData("var plan = [|model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput))|]; Console.WriteLine(plan.Explain(\"text\"));")]
    public async Task PlanThatRunsAndIsNotDisposedIsFound(string statements) =>
        Assert.Equal(
            "The LanguagePlan that 'Bind' returns is never disposed, so its tensors or hooks stay; write 'using' before 'plan'",
            await Rule.Finds("PVT204", "using var model = Gpt2.Load(\"folder\"); " + statements));

    [Fact]
    public async Task FixWritesUsing() => await Rule.Fixes("PVT204", Run, Run.Replace("var run", "using var run", StringComparison.Ordinal));

    [Fact]
    public async Task FixKeepsADroppedRun() => await Rule.Fixes(
        "PVT204",
        "static void Run(LanguageModel<Gpt2> model)\n{\n    // once\n    model.Run(Gpt2.Experiment, \"text\");\n}",
        "static void Run(LanguageModel<Gpt2> model)\n{\n    // once\n    using var run = model.Run(Gpt2.Experiment, \"text\");\n}");

    [Theory]
    [InlineData("static void Run(LanguageModel<Gpt2> model, string run) { model.Run(Gpt2.Experiment, run); }", "run2")]
    [InlineData("class C { int run; void Run(LanguageModel<Gpt2> model, int run2) { model.Run(Gpt2.Experiment, \"text\"); run = run2; } }", "run3")]
    [InlineData(
        "static void Run(LanguageModel<Gpt2> model) { model.Run(Gpt2.Experiment, \"text\"); { using var run = model.Run(Gpt2.Experiment, \"text\"); } }",
        "run2")]
    [InlineData(
        "using var model = Gpt2.Load(\"folder\"); foreach (var run in new[] { 1, 2 }) Console.WriteLine(run); model.Run(Gpt2.Experiment, \"text\");", "run2")]
    public async Task FixFindsANameThatNothingHas(string program, string name) =>
        Assert.Contains($"using var {name} = model.Run(Gpt2.Experiment, ", await AnalyzedProgram.Of(program).Fix("PVT204"), StringComparison.Ordinal);

    [Theory]
    [InlineData("static void Run(LanguageModel<Gpt2> model) { if (model.LayerCount > 1) model.Run(Gpt2.Experiment, \"text\"); }")]
    [InlineData("static void Run(LanguageModel<Gpt2> model) { _ = model.Run(Gpt2.Experiment, \"text\"); }")]
    [InlineData("static object Run(LanguageModel<Gpt2> model) { return model.Run(Gpt2.Experiment, \"text\").TopTokens(5); }")]
    [InlineData(
        "static void Run(LanguageModel<Gpt2> model, int way) { switch (way) { case 1: var run = model.Run(Gpt2.Experiment, \"text\"); "
            + "Console.WriteLine(run.Logits); break; } }")]
    public async Task NoFixIsOfferedWhereUsingHasNoPlace(string program) => await Rule.OffersNoFix("PVT204", program);

    [Theory]
    [InlineData("static void Run(LanguageModel<Gpt2> model) { _ = [|model.Run(Gpt2.Experiment, \"text\")|]; }")]
    [InlineData("static object Run(LanguageModel<Gpt2> model) => [|model.Run(Gpt2.Experiment, \"text\")|].Logits;")]
    [InlineData(
        "static object Run(LanguageModel<Gpt2> model, Experiment<Gpt2, NoSource> e, Collected<Gpt2> h) => [|model.Run(options: null, experiment: e, @base: "
            + "\"text\")|][h];")]
    [InlineData(
        "static void Run(LanguageModel<Gpt2> model, string[] texts) { foreach (var text in texts) Console.WriteLine(([|model.Run(Gpt2.Experiment, "
            + "text)|]).TopTokens(5)); }")]
    [InlineData(
        "static void Run(LanguageModel<Gpt2> model, string[] texts) { ExperimentRun<Gpt2> run; "
            + "foreach (var text in texts) { run = [|model.Run(Gpt2.Experiment, text)|]; Console.WriteLine(run.Logits); } }")]
    [InlineData(
        "static void Run(LanguageModel<Gpt2> model, string? text) { var run = (ExperimentRun<Gpt2>)(text is null ? null! : [|model.Run(Gpt2.Experiment, "
            + "text)|]); Console.WriteLine(run.Logits); }")]
    [InlineData("static void Run(LanguageModel<Gpt2> model, List<string> texts) => texts.ForEach(text => [|model.Run(Gpt2.Experiment, text)|]);")]
    [InlineData("static void Run(string text) => Console.WriteLine([|Gpt2.Load(\"folder\")|].Generate(text));")]
    public async Task RunThatIsReadAtOnceOrSetLaterIsFound(string program) => await Rule.Finds("PVT204", program);

    [Theory]
    [InlineData("var model = [|Gpt2.Load(\"folder\")|]; Console.WriteLine(model.LayerCount);")]
    [InlineData(
        "static void Bind(Pyvene.Typed.Models.PretrainedModel model) { var plan = [|InterventionPlan.Bind(model, new InterventionConfig())|]; "
            + "Console.WriteLine(plan.ToString()); }")]
    [InlineData("static void Run(LanguageModel<Gpt2> model) { [|model.Run(Gpt2.Experiment, \"text\")|]; }")]
    [InlineData(
        "static void Run(LanguageModel<Gpt2> model) { Action go = () => { var run = [|model.Run(Gpt2.Experiment, \"text\")|]; Console.WriteLine(run.Logits); "
            + "}; go(); }")]
    public async Task PlanModelAndDroppedRunAreFound(string program) => await Rule.Finds("PVT204", program);

    [Theory]
    [InlineData("using var run = model.Run(e, \"text\"); Console.WriteLine(run.Logits);")]
    [InlineData("using (var run = model.Run(e, \"text\")) Console.WriteLine(run.Logits);")]
    [InlineData("var run = model.Run(e, \"text\"); try { Console.WriteLine(run.Logits); } finally { run.Dispose(); }")]
    [InlineData("var run = model.Run(e, \"text\"); using (run) Console.WriteLine(run.Logits);")]
    [InlineData("var run = model.Run(e, \"text\"); run?.Dispose();")]
    [InlineData("var run = model.Run(e, \"text\"); var runs = new List<IDisposable> { run }; Console.WriteLine(runs.Count);")]
    [InlineData("var run = model.Run(e, \"text\"); Keep(run); static void Keep(IDisposable kept) => kept.Dispose();")]
    [InlineData("ExperimentRun<Gpt2>? run = null; try { run = model.Run(e, \"text\"); Console.WriteLine(run.Logits); } finally { run?.Dispose(); }")]
    [InlineData("using var run = e.ToString().Length > 3 ? model.Run(e, \"text\") : model.Run(e, \"other\"); Console.WriteLine(run.Logits);")]
    [InlineData("var runs = new[] { \"a\", \"b\" }.Select(text => model.Run(e, text)).ToList(); foreach (var run in runs) run.Dispose();")]
    [InlineData("model.Run(e, \"text\").Dispose();")]
    [InlineData("var text = model.Generate(\"text\"); Console.WriteLine(text.Texts[0]);")]
    [InlineData("ExperimentRun<Gpt2> Make() { var run = model.Run(e, \"text\"); return run; } using var made = Make();")]
    [InlineData("ExperimentRun<Gpt2> Make() => model.Run(e, \"text\"); using var made = Make();")]
    public async Task RunThatIsDisposedOrHandedOnIsLeftAlone(string statements) =>
        await Rule.FindsNothing($"using var model = Gpt2.Load(\"folder\"); var e = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput); {statements}");

    [Theory]
    [InlineData("static T Given<T>(T? value) where T : class => value ?? throw new ArgumentNullException();", "Given(plan).Run(\"text\")")]
    [InlineData("static LanguagePlan<Gpt2, NoSource> Checked(LanguagePlan<Gpt2, NoSource> given) => given;", "Checked(plan).Run(\"text\")")]
    [InlineData("static LanguagePlan<Gpt2, NoSource> Checked(int times, LanguagePlan<Gpt2, NoSource>? given) => given!;", "Checked(2, plan).Run(\"text\")")]
    public async Task WhatAHelperReturnsAsItWasGivenIsNotItsOwn(string helper, string run) =>
        await Rule.FindsNothing(
            "using var model = Gpt2.Load(\"folder\"); using var plan = model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput)); "
                + $"{helper} using var run = {run}; Console.WriteLine(run.Logits);");

    [Theory]
    [InlineData("foreach (var run in texts.Select(text => [|model.Run(e, text)|])) Console.WriteLine(run.TopTokens(3));")]
    [InlineData("var runs = texts.Select(text => [|model.Run(e, text)|]).ToList(); foreach (var run in runs) Console.WriteLine(run.TopTokens(3));")]
    [InlineData("var runs = texts.Select(text => [|model.Run(e, text)|]).ToArray(); Console.WriteLine(runs[0].Logits.norm());")]
    [InlineData("Console.WriteLine(string.Join(\"; \", texts.Select(text => [|model.Run(e, text)|]).Select(run => run.TopTokens(3))));")]
    [InlineData("Console.WriteLine(texts.Select(text => [|model.Run(e, text)|]).Max(run => run.Logits.norm().item<float>()));")]
    [InlineData("foreach (var run in from text in texts select [|model.Run(e, text)|]) Console.WriteLine(run.TopTokens(3));")]
    public async Task RunsOfAQueryThatNobodyDisposesAreFound(string statements) =>
        Assert.Contains("make the runs in a loop", await Rule.Finds("PVT204", Texts + statements), StringComparison.Ordinal);

    [Theory]
    [InlineData("foreach (var run in texts.Select(text => model.Run(e, text))) { Console.WriteLine(run.TopTokens(3)); run.Dispose(); }")]
    [InlineData("foreach (var run in texts.Select(text => model.Run(e, text))) using (run) Console.WriteLine(run.TopTokens(3));")]
    [InlineData("var runs = texts.Select(text => model.Run(e, text)).ToList(); Console.WriteLine(runs[0].Logits); runs.ForEach(run => run.Dispose());")]
    [InlineData("var runs = texts.Select(text => model.Run(e, text)).ToList(); Show(runs); void Show(List<ExperimentRun<Gpt2>> all) { foreach "
            + "(var r in all) r.Dispose(); }")]
    [InlineData("Console.WriteLine(string.Join(\"; \", texts.Select(text => model.Run(e, text)).Select(run => { using (run) return run.TopTokens(3); })));")]
    [InlineData("var tops = texts.Select(text => { using var run = model.Run(e, text); return run.TopTokens(3); }).ToList(); Console.WriteLine(tops.Count);")]
    [InlineData("var pairs = texts.Select(text => model.Run(e, text)).Zip(texts).ToList(); foreach (var (run, text) in pairs) run.Dispose();")]
    [InlineData("using var first = texts.Select(text => model.Run(e, text)).First(); Console.WriteLine(first.TopTokens(3));")]
    public async Task RunsOfAQueryThatSomebodyMayDisposeAreLeftAlone(string statements) => await Rule.FindsNothing(Texts + statements);

    private const string Texts =
        "using var model = Gpt2.Load(\"folder\"); var e = Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput); var texts = new[] { \"a\", \"b\" }; ";

    [Fact]
    public async Task WhatAHelperMakesIsFound() =>
        await Rule.Finds(
            "PVT204",
            "using var model = Gpt2.Load(\"folder\"); LanguagePlan<Gpt2, NoSource> Bound(LanguageModel<Gpt2> of) => "
                + "of.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput)); Console.WriteLine([|Bound(model)|].Explain(\"text\"));");

    [Theory]
    [InlineData("static LanguagePlan<Gpt2, NoSource> Again(LanguageModel<Gpt2> of, LanguagePlan<Gpt2, NoSource> old) => of.Bind(Gpt2.Experiment);")]
    [InlineData(
        "static LanguagePlan<Gpt2, NoSource> Again(LanguageModel<Gpt2> of, LanguagePlan<Gpt2, NoSource> old) "
            + "{ Console.WriteLine(old.Explain(\"text\")); var made = of.Bind(Gpt2.Experiment); return made; }")]
    [InlineData(
        "static LanguagePlan<Gpt2, NoSource> Again(LanguageModel<Gpt2> of, LanguagePlan<Gpt2, NoSource> old) "
            + "{ if (old is null) throw new ArgumentNullException(); return (of.Bind(Gpt2.Experiment))!; }")]
    public async Task WhatAHelperMakesBesideAnotherIsFound(string helper) =>
        await Rule.Finds(
            "PVT204",
            "using var model = Gpt2.Load(\"folder\"); using var plan = model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput)); "
                + $"{helper} Console.WriteLine([|Again(model, plan)|].Explain(\"text\"));");

    [Theory]
    [InlineData("=> old ?? of.Bind(Gpt2.Experiment);")]
    [InlineData("=> of.LayerCount > 3 ? of.Bind(Gpt2.Experiment) : old;")]
    [InlineData("{ var kept = old; return kept; }")]
    [InlineData("{ var made = of.Bind(Gpt2.Experiment); made = old; return made; }")]
    [InlineData("{ if (of.LayerCount > 3) return old; return of.Bind(Gpt2.Experiment); }")]
    [InlineData("{ return Checked(old); static LanguagePlan<Gpt2, NoSource> Checked(LanguagePlan<Gpt2, NoSource> given) => given; }")]
    public async Task WhatAHelperMayHandBackIsLeftAlone(string body) =>
        await Rule.FindsNothing(
            "using var model = Gpt2.Load(\"folder\"); using var plan = model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput)); "
                + $"static LanguagePlan<Gpt2, NoSource> Again(LanguageModel<Gpt2> of, LanguagePlan<Gpt2, NoSource> old) {body} "
                + "Console.WriteLine(Again(model, plan).Explain(\"text\"));");
}
