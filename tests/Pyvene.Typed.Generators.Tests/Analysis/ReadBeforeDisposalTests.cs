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
    public async Task WhatIsGoneBeforeItIsReadIsFound(string body, string message) => Assert.Equal(message, await Rule.Finds("PVT215", Program(body)));

    [Theory]
    [InlineData(Run + " return run.Logits.clone();")]
    [InlineData(Run + " return run.TopTokens(3);")]
    [InlineData(Run + " return run.Logits.shape;")]
    [InlineData(Run + " Func<object> logits = () => run.Logits; return logits().ToString();")]
    [InlineData("var run = model.Run(Gpt2.Experiment, \"a\"); return run;")]
    [InlineData("var run = model.Run(Gpt2.Experiment, \"a\"); run.Dispose(); run = model.Run(Gpt2.Experiment, \"b\"); return run;")]
    [InlineData("var run = model.Run(Gpt2.Experiment, \"a\"); if (run.Logits.shape.Length == 3) { run.Dispose(); return null; } return run;")]
    public async Task WhatTheCallerGetsWholeIsLeftAlone(string body) => await Rule.FindsNothing(Program(body));

    private static string Program(string body) => $"static object? Of(LanguageModel<Gpt2> model) {{ {body} }}";
}
