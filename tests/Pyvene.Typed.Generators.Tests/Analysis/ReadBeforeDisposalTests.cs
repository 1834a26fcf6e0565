namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class ReadBeforeDisposalTests
{
    private const string Run = "using var run = model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(3).MlpOutput, out var values), \"a\");";

    [Theory]
    [InlineData(Run + " return [|run|];", "'run' is disposed before it can be read; leave 'using' out, and let the caller dispose it")]
    [InlineData(Run + " return [|run.Logits|];", "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return [|run[values]|];", "'run[values]' is disposed before it can be read; return a copy of your own, run[values].clone()")]
    [InlineData("using (var run = model.Run(Gpt2.Experiment, \"a\")) { return [|run.CleanLogits|]; }",
        "'run.CleanLogits' is disposed before it can be read; return a copy of your own, run.CleanLogits.clone()")]
    [InlineData("Func<object> logits = () => { "
        + Run
        + " return [|run.Logits|]; }; return logits;", "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData("var run = model.Run(Gpt2.Experiment, \"a\"); run.Dispose(); return [|run|].Logits;",
        "'run' is disposed before it can be read; move run.Dispose() behind it, or write 'using' before 'run' instead")]
    [InlineData(
        "using var learned = new Pyvene.Typed.Interventions.Trainable.RotatedSpace(768); return Gpt2.Experiment.Apply(Gpt2.Layer(3).MlpOutput, [|learned|]);",
        "'learned' is disposed before it can be read; leave 'using' out, and let the caller dispose it")]
    [InlineData(Run + " return (1, [|run.Logits|]);", "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return new object[] { [|run.Logits|] };",
        "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return new List<object> { [|run.Logits|] };",
        "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return new KeyValuePair<string, object>[] { new(\"a\", 1) } is null ? null : [|run|];",
        "'run' is disposed before it can be read; leave 'using' out, and let the caller dispose it")]
    [InlineData("var all = new List<object>(); foreach (var text in new[] { \"a\" }) { " + Run + " all.Add([|run.Logits|]); } return all;",
        "'run.Logits' is disposed before it can be read; keep a copy of your own, run.Logits.clone()")]
    [InlineData("var all = new Dictionary<string, object>(); foreach (var text in new[] { \"a\" }) { " + Run + " all[text] = [|run|]; } return all;",
        "'run' is disposed before it can be read; leave 'using' out, and dispose it where it is not read any more")]
    [InlineData("object? kept = null; using (var run = model.Run(Gpt2.Experiment, \"a\")) { kept = [|run.Logits|]; } return kept;",
        "'run.Logits' is disposed before it can be read; keep a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " var logits = run.Logits; return [|logits|];", "'logits' is disposed before it can be read; return a copy of your own, logits.clone()")]
    [InlineData(Run + " return new { Before = 1, After = [|run.Logits|] };",
        "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return new Dictionary<string, object> { [\"a\"] = [|run.Logits|] };",
        "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return new Dictionary<string, object> { { \"a\", [|run.Logits|] } };",
        "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " Tensor[] both = [run.Logits.clone()]; return both.Length > 1 ? both : new object[] { (1, [|run[values]|]) };",
        "'run[values]' is disposed before it can be read; return a copy of your own, run[values].clone()")]
    [InlineData(Run + " return Tuple.Create(1, [|run.Logits|]);",
        "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return new Kept([|run.Logits|], 1);", "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return new Holder { Logits = [|run.Logits|] };",
        "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return model.LayerCount switch { 1 => null, _ => [|run.Logits|] };",
        "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " var all = new List<object>(); all.Add([|run.Logits|]); return all;",
        "'run.Logits' is disposed before it can be read; keep a copy of your own, run.Logits.clone()")]
    [InlineData(Run + " return (Func<object>)(() => [|run|].Logits);",
        "'run' is disposed before it can be read; what reads it runs later; run it here, with ToList() or await, or leave 'using' out")]
    [InlineData(
        "using var plan = model.Bind(Gpt2.Experiment); return new[] { \"a\" }.Select(text => [|plan|].Explain(text));",
        "'plan' is disposed before it can be read; what reads it runs later; run it here, with ToList() or await, or leave 'using' out")]
    [InlineData("using var plan = model.Bind(Gpt2.Experiment); return System.Threading.Tasks.Task.Run(() => [|plan|].Explain(\"a\"));",
        "'plan' is disposed before it can be read; what reads it runs later; run it here, with ToList() or await, or leave 'using' out")]
    [InlineData("using var loaded = Gpt2.Load(\"folder\"); return [|loaded.StreamAsync(\"a\")|];",
        "'loaded.StreamAsync(\"a\")' is disposed before it can be read; what it returns reads it later; leave 'using' out, and let the caller dispose it")]
    [InlineData("using var loaded = Gpt2.Load(\"folder\"); return [|loaded.Bind(Gpt2.Experiment)|];",
        "'loaded.Bind(Gpt2.Experiment)' is disposed before it can be read; what it returns reads it later; leave 'using' out, and let the caller dispose it")]
    [InlineData("var run = model.Run(Gpt2.Experiment, \"a\"); try { return [|run.Logits|]; } finally { run.Dispose(); }",
        "'run.Logits' is disposed before it can be read; return a copy of your own, run.Logits.clone()")]
    [InlineData("object? kept; var run = model.Run(Gpt2.Experiment, \"a\"); using (run) { kept = [|run.Logits|]; } return kept;",
        "'run.Logits' is disposed before it can be read; keep a copy of your own, run.Logits.clone()")]
    [InlineData(
        "Tensor a; int b; using (var run = model.Run(Gpt2.Experiment, \"a\")) { (a, b) = ([|run.Logits|], 1); } return a + b;",
        "'run.Logits' is disposed before it can be read; keep a copy of your own, run.Logits.clone()")]
    public async Task WhatIsGoneBeforeItIsReadIsFound(string body, string message) => Assert.Equal(message, await Rule.Finds("PVT215", Program(body)));

    [Theory]
    [InlineData("class C { Tensor? last; void Set(LanguageModel<Gpt2> model) { using var run = model.Run(Gpt2.Experiment, \"a\"); last = "
            + "[|run.Logits|]; } object? Get() => last; }")]
    [InlineData(
        "class C { Tensor? Last { get; set; } void Set(LanguageModel<Gpt2> model) { using var run = model.Run(Gpt2.Experiment, \"a\"); "
            + "Last = [|run.Logits|]; } "
            + "object? Get() => Last; }")]
    [InlineData(
        "class C { readonly Dictionary<string, Tensor> all = []; void Set(LanguageModel<Gpt2> model, string text) "
            + "{ using (var run = model.Run(Gpt2.Experiment, text)) all[text] = [|run.Logits|]; } object Get() => all; }")]
    [InlineData("class C { void Fill(LanguageModel<Gpt2> model, List<Tensor> into) { using var run = model.Run(Gpt2.Experiment, \"a\"); "
            + "into.Add([|run.Logits|]); } }")]
    [InlineData("class C { void Of(LanguageModel<Gpt2> model, out Tensor logits) { using var run = model.Run(Gpt2.Experiment, \"a\"); logits = "
            + "[|run.Logits|]; } }")]
    [InlineData("class C { Tensor Of(LanguageModel<Gpt2> model, string text) { using var run = model.Run(Gpt2.Experiment, text); return [|run.Logits|]; } }")]
    [InlineData(
        "class C { object All(LanguageModel<Gpt2> model) => Each(model).ToList(); IEnumerable<Tensor> Each(LanguageModel<Gpt2> model) "
            + "{ foreach (var text in new[] { \"a\" }) { using var run = model.Run(Gpt2.Experiment, text); yield return [|run.Logits|]; } } }")]
    [InlineData(
        "using var model = Gpt2.Load(\"folder\"); _ = System.Threading.Tasks.Task.Run(() => Console.WriteLine([|model|].Generate(\"a\"))); "
            + "Console.WriteLine(\"done\");")]
    [InlineData(
        "using var model = Gpt2.Load(\"folder\"); _ = System.Threading.Tasks.Task.Run(() => Console.WriteLine([|model|].Generate(\"a\"))); "
            + "await System.Threading.Tasks.Task.Delay(10);")]
    [InlineData("using var model = Gpt2.Load(\"folder\"); var task = System.Threading.Tasks.Task.Run(() => [|model|].Generate(\"a\"));")]
    [InlineData(
        "using var model = Gpt2.Load(\"folder\"); var (before, after) = Logits(Gpt2.Experiment); Console.WriteLine((before - after).norm()); "
            + "(Tensor Before, Tensor After) Logits(Experiment<Gpt2, NoSource> e) { using var run = model.Run(e, \"a\"); "
            + "return (run.CleanLogits!.clone(), [|run.Logits|]); }")]
    [InlineData(
        "using var model = Gpt2.Load(\"folder\"); Tensor? first = null; foreach (var text in new[] { \"a\", \"b\" }) "
            + "{ using var run = model.Run(Gpt2.Experiment, text); first ??= [|run.Logits|]; } Console.WriteLine(first);")]
    public async Task WhatIsKeptOrReadOnceItIsGoneIsFound(string program) => await Rule.Finds("PVT215", program);

    [Theory]
    [InlineData("class C { ExperimentRun? now; void Show() => Console.WriteLine(now!.Logits); void Of(LanguageModel<Gpt2> model) "
        + "{ using var run = model.Run(Gpt2.Experiment, \"a\"); now = run; Show(); now = null; } }")]
    [InlineData("class C { ExperimentRun? now; void Show() => Console.WriteLine(now!.Logits); void Of(LanguageModel<Gpt2> model) "
        + "{ using var run = model.Run(Gpt2.Experiment, \"a\"); now = run; Show(); } }")]
    [InlineData("class C { Tensor? last; Tensor? Last { get => last; set => last = value?.clone(); } void Of(LanguageModel<Gpt2> model) "
        + "{ using var run = model.Run(Gpt2.Experiment, \"a\"); Last = run.Logits; } }")]
    [InlineData("record Own(Tensor Logits) { public Tensor Logits { get; } = Logits.clone(); static object Of(LanguageModel<Gpt2> model) "
        + "{ using var run = model.Run(Gpt2.Experiment, \"a\"); return new Own(run.Logits); } }")]
    [InlineData("class Sum(Tensor logits) { public readonly float Norm = logits.norm().item<float>(); static object Of(LanguageModel<Gpt2> model) "
        + "{ using var run = model.Run(Gpt2.Experiment, \"a\"); return new Sum(run.Logits); } }")]
    [InlineData("class C { void Show(LanguageModel<Gpt2> model) { foreach (var logits in Each(model)) Console.WriteLine(logits); } "
        + "IEnumerable<Tensor> Each(LanguageModel<Gpt2> model) { using var run = model.Run(Gpt2.Experiment, \"a\"); yield return run.Logits; } }")]
    [InlineData("class C { object Show(LanguageModel<Gpt2> model) => Each(model).Select(logits => logits.clone()).ToList(); "
        + "IEnumerable<Tensor> Each(LanguageModel<Gpt2> model) { using var run = model.Run(Gpt2.Experiment, \"a\"); yield return run.Logits; } }")]
    [InlineData("class C { void Fill(LanguageModel<Gpt2> model, List<Tensor> into) { using var run = model.Run(Gpt2.Experiment, \"a\"); into.Add(run.Logits); "
        + "Console.WriteLine(into.Count); into.Clear(); } }")]
    [InlineData("using var model = Gpt2.Load(\"folder\"); var task = System.Threading.Tasks.Task.Run(() => model.Generate(\"a\")); "
            + "Console.WriteLine(await task);")]
    [InlineData("using var model = Gpt2.Load(\"folder\"); using var done = new System.Threading.ManualResetEventSlim(); "
        + "_ = System.Threading.Tasks.Task.Run(() => { Console.WriteLine(model.Generate(\"a\")); done.Set(); }); done.Wait();")]
    [InlineData("using var model = Gpt2.Load(\"folder\"); _ = System.Threading.Tasks.Task.Run(() => Console.WriteLine(model.Generate(\"a\"))); "
            + "Console.ReadLine();")]
    [InlineData("var model = Gpt2.Load(\"folder\"); using var plan = model.Bind(Gpt2.Experiment); "
        + "System.Threading.Tasks.Task.WaitAll(System.Threading.Tasks.Task.Run(() => Console.WriteLine(plan.Explain(\"a\")))); model.Dispose();")]
    [InlineData("class C { Tensor? sum; void Of(LanguageModel<Gpt2> model) { foreach (var text in new[] { \"a\", \"b\" }) "
        + "{ using var run = model.Run(Gpt2.Experiment, text); var old = sum; sum = old is null ? run.Logits.clone() : old + run.Logits; "
            + "old?.Dispose(); } } }")]
    [InlineData("class C { Experiment<Gpt2, NoSource> Of(LanguageModel<Gpt2> model) { using var run = model.Run(Gpt2.Experiment, \"a\"); "
        + "return Gpt2.Experiment.Add(Gpt2.Layer(3).BlockOutput.At(^1), run.Logits[0, 0]); } }")]
    [InlineData("class C { ConstantSource Of(LanguageModel<Gpt2> model) { using var run = model.Run(Gpt2.Experiment, \"a\"); return run.Logits[0, 0]; } }")]
    [InlineData("class C { ConstantSource? last; void Of(LanguageModel<Gpt2> model) { using var run = model.Run(Gpt2.Experiment, \"a\"); last = run.Logits; } "
        + "object? Get() => last; }")]
    [InlineData("class C { void Of(LanguageModel<Gpt2> model, List<ConstantSource> into) { using var run = model.Run(Gpt2.Experiment, \"a\"); "
        + "into.Add(run.Logits); } }")]
    public async Task WhatIsThereWhileItIsReadIsLeftAlone(string program) => await Rule.FindsNothing(program);

    [Theory]
    [InlineData(Run + " return run.Logits.clone();")]
    [InlineData(Run + " return run.TopTokens(3);")]
    [InlineData(Run + " return run.Logits.shape;")]
    [InlineData(Run + " Func<object> logits = () => run.Logits; return logits().ToString();")]
    [InlineData("var run = model.Run(Gpt2.Experiment, \"a\"); return run;")]
    [InlineData("var run = model.Run(Gpt2.Experiment, \"a\"); run.Dispose(); run = model.Run(Gpt2.Experiment, \"b\"); return run;")]
    [InlineData("var run = model.Run(Gpt2.Experiment, \"a\"); if (run.Logits.shape.Length == 3) { run.Dispose(); return null; } return run;")]
    [InlineData(Run + " return (run.Logits.clone(), run.Logits.shape);")]
    [InlineData(Run + " var all = new List<object>(); all.Add(run.Logits); return all.Count;")]
    [InlineData("object? kept = null; using (var run = model.Run(Gpt2.Experiment, \"a\")) { kept = run.Logits.clone(); } return kept;")]
    [InlineData("foreach (var text in new[] { \"a\" }) { " + Run + " var logits = run.Logits; Console.WriteLine(logits); } return null;")]
    [InlineData("ExperimentRun? now = null; void Show() => Console.WriteLine(now!.Logits); foreach (var text in new[] { \"a\" }) { "
        + Run + " now = run; Show(); Console.WriteLine(values); } return null;")]
    [InlineData("var seen = new List<object>(); foreach (var text in new[] { \"a\" }) { " + Run + " seen.Add(run.Logits); } return seen.Count;")]
    [InlineData("Tensor? best = null; using (var run = model.Run(Gpt2.Experiment, \"a\")) { best = run.Logits; best = best.clone(); } return best;")]
    [InlineData("using var plan = model.Bind(Gpt2.Experiment); return plan.Run(\"a\");")]
    [InlineData("using var plan = model.Bind(Gpt2.Experiment); return new[] { \"a\" }.Select(text => plan.Explain(text)).ToList();")]
    [InlineData(Run + " return new[] { 1, 2 }.Select(head => run.Logits.norm().item<float>() * head).ToArray();")]
    [InlineData(Run + " return nameof(run);")]
    [InlineData(Run + " return new[] { run.Logits }.Sum(part => part.numel());")]
    [InlineData("using var text = model.Generate(\"a\"); return text;")]
    public async Task WhatTheCallerGetsWholeIsLeftAlone(string body) => await Rule.FindsNothing(Program(body));

    private static string Program(string body) => $"static object? Of(LanguageModel<Gpt2> model) {{ {body} }} {Types}";

    private const string Types = "record Kept(Tensor Logits, int Step); class Holder { public Tensor? Logits { get; init; } }";
}
