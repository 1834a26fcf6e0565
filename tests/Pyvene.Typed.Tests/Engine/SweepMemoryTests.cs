using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>A sweep runs in as many groups as its memory budget makes, with the numbers of one group.</summary>
public sealed class SweepMemoryTests
{
    private static readonly RunOptions Small = new() { MemoryBudget = 2_000_000 };

    private static InterventionConfig[] Cells =>
    [
        .. from layer in Enumerable.Range(0, 6)
        from position in Enumerable.Range(0, 7)
        select Gpt2.Experiment.Interchange(Gpt2.Layer(layer).BlockOutput.At(position)).ToConfig(),
    ];

    [Theory]
    [InlineData(WorkSharing.All)]
    [InlineData(WorkSharing.All & ~WorkSharing.Positions)]
    [InlineData(WorkSharing.EqualSources | WorkSharing.Batches)]
    public void ManyGroupsHaveTheNumbersOfOne(WorkSharing sharing)
    {
        using var sweep = InterventionSweep.Bind(Primer.Module, Cells);
        var (@base, source) = (Primer.Inputs(2, 7, 1), Primer.Inputs(2, 7, 2));
        using var whole = sweep.Run(@base, [source], new RunOptions { Sharing = sharing, MemoryBudget = long.MaxValue });
        using var parts = sweep.Run(@base, [source], Small with { Sharing = sharing });
        Assert.True(Primer.Difference(whole.Logits, parts.Logits) < 1e-3);
        Assert.True(Primer.Difference(whole.CleanLogits, parts.CleanLogits) < 1e-3);
        Assert.True(Primer.Difference(whole.Logits[9], whole.CleanLogits) > 1e-2); // the cells do something
        Assert.Equal(
            whole.Receipts.SelectMany(of => of).Select(receipt => (receipt.Fired, receipt.ChangedElements)),
            parts.Receipts.SelectMany(of => of).Select(receipt => (receipt.Fired, receipt.ChangedElements)));
    }

    [Fact]
    public void GroupsRunTheSourceOnceAndStayWithinTheBudgetThatExplainTells()
    {
        using var sweep = InterventionSweep.Bind(Primer.Module, Cells);
        var whole = sweep.Explain(Primer.Inputs(1, 7, 1), [Primer.Inputs(1, 7, 2)]);
        Assert.Single(whole.Passes);
        Assert.Equal(1_000_000_000, whole.MemoryBudget);
        var parts = sweep.Explain(Primer.Inputs(1, 7, 1), [Primer.Inputs(1, 7, 2)], Small);
        Assert.InRange(parts.Passes.Count, 3, 41);
        Assert.InRange(parts.ExpectedBytes, 1, Small.MemoryBudget);
        Assert.True(whole.ExpectedBytes > Small.MemoryBudget);
        Assert.Single(parts.Passes.SelectMany(pass => pass.Runs), run => run.Role == "source 0");
        Assert.All(parts.Passes, pass => Assert.Single(pass.Runs, run => run.Role == "clean base"));
        Assert.Contains("of a budget of 2 MB", parts.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void BudgetThatHoldsNoCellRunsOneAtATime()
    {
        using var sweep = InterventionSweep.Bind(Primer.Module, Cells);
        var explained = sweep.Explain(Primer.Inputs(1, 7, 1), [Primer.Inputs(1, 7, 2)], new RunOptions { MemoryBudget = 1 });
        Assert.True(explained.ExpectedBytes > explained.MemoryBudget);
        Assert.Equal(42, explained.Passes.Count(pass => pass.Runs.Any(run => run.Role == "base")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunOptions { MemoryBudget = 0 });
    }

    [Fact]
    public void TensorsOfASweepAreGoneBehindIt()
    {
        using var sweep = InterventionSweep.Bind(Primer.Module, Cells);
        var (@base, source) = (Primer.Inputs(1, 7, 1), Primer.Inputs(1, 7, 2));
        sweep.Run(@base, [source], Small).Dispose();
        var before = LiveTensors.OfThisThread;
        sweep.Run(@base, [source], Small).Dispose();
        Assert.Equal(before, LiveTensors.OfThisThread);
    }
}
