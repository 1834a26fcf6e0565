namespace Pyvene.Typed.Generators.Tests.Analysis;

/// <summary>What is computed from a run's tensors in a dispose scope of TorchSharp is gone at its end.</summary>
public sealed class TensorScopeTests
{
    private const string Read = "using var model = Gpt2.Load(\"folder\"); using var run = model.Run(Gpt2.Experiment, \"a\"); ";

    [Theory]
    [InlineData("return [|run.Logits.clone()|];", "run.Logits.clone()")]
    [InlineData("return [|run.Logits[0, -1].softmax(0)|];", "run.Logits[0, -1].softmax(0)")]
    [InlineData("return [|run.Logits - run.CleanLogits|];", "run.Logits - run.CleanLogits")]
    [InlineData("var last = run.LogitsAt(0, ^1).exp(); return [|last|];", "last")]
    [InlineData("var (last, first) = (run.Logits, 0); return [|torch.softmax(run.Logits, 0)|];", "torch.softmax(run.Logits, 0)")]
    public async Task TensorThatIsReturnedOutOfAScopeIsFound(string statements, string value) => Assert.Equal(
        $"'{value}' is disposed before it can be read; its dispose scope takes it away; return {value}.MoveToOuterDisposeScope()",
        await Rule.Finds("PVT215", $"static Tensor Of(ExperimentRun<Gpt2> run) {{ using var scope = torch.NewDisposeScope(); {statements} }} {Read}"
            + "Console.WriteLine(Of(run));"));

    [Theory]
    [InlineData("Tensor kept; using (torch.NewDisposeScope()) { kept = [|run.Logits.clone()|]; } Console.WriteLine(kept);")]
    [InlineData("var kept = new List<Tensor>(); using (var scope = torch.NewDisposeScope()) { kept.Add([|run.Logits.mean()|]); } Console.WriteLine(kept[0]);")]
    public async Task TensorThatIsKeptOutsideOfAScopeIsFound(string statements) =>
        Assert.Contains("its dispose scope takes it away; keep run.Logits.", await Rule.Finds("PVT215", Read + statements), StringComparison.Ordinal);

    [Theory]
    [InlineData("using var scope = torch.NewDisposeScope(); return run.Logits.clone().MoveToOuterDisposeScope();")]
    [InlineData("using var scope = torch.NewDisposeScope(); return scope.MoveToOuter(run.Logits.clone());")]
    [InlineData("using var scope = torch.NewDisposeScope(); var kept = run.Logits.clone(); kept.DetachFromDisposeScope(); return kept;")]
    [InlineData("using (torch.NewDisposeScope()) { Console.WriteLine(run.Logits.clone()); } return run.Logits.clone();")]
    [InlineData("using var kept = run.Logits.clone(); using (torch.NewDisposeScope()) { Console.WriteLine(kept.sum()); } return run.Logits.sum();")]
    [InlineData("using var scope = torch.NewDisposeScope(); return torch.ones(1);")]
    [InlineData("var kept = run.Logits.clone(); using var scope = torch.NewDisposeScope(); Console.WriteLine(kept.sum()); return kept;")]
    public async Task TensorThatOutlivesTheScopeIsLeftAlone(string statements) => await Rule.FindsNothing(
        $"static Tensor Of(ExperimentRun<Gpt2> run) {{ {statements} }} {Read}using var logits = Of(run); Console.WriteLine(logits);");
}
