using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

public sealed class ExplainTests
{
    private static readonly InterventionConfig Swap = new()
    {
        Architecture = "gpt2",
        Sources = 1,
        Interventions = [new InterventionSpec
        {
            Intervention = new Interchange(),
            Site = new SiteSpec { Component = "mlp_output", Layer = 3, At = Positions.Of(2) },
        }],
    };

    [Fact]
    public void SourceStopsBehindTheBlockThatIsReadAndTheBaseStartsFromTheCleanRun()
    {
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(Primer.Module, Swap);
        var explanation = plan.Explain(Primer.Inputs(1, 5, 1), [Primer.Inputs(1, 5, 2)], new RunOptions { WithClean = true });
        Assert.Equal(
            """
            pass 0
              clean base (1 example): blocks 0 to 5 of positions 0 to 4, logits of 5 positions
              source 0 (1 example): blocks 0 to 3 of positions 0 to 2, logits of 0 positions
              base (1 example): blocks 3 to 5 of positions 2 to 4, starting from the clean run, logits of 5 positions

            """.ReplaceLineEndings("\n"),
            string.Join("\n", explanation.ToString().Split('\n')[..4]) + "\n");

        // Of blocks of 12 · 128² weights 6 for five tokens, 4 and 3 for three, and two heads of 1,692 · 128 for five; of 18 blocks and three heads for five.
        Assert.Equal((((6 * 5) + (4 * 3) + (3 * 3)) * 12 * 128 * 128) + (2 * 5 * 1692 * 128), explanation.MultiplyAdds);
        Assert.Equal(5 * ((18 * 12 * 128 * 128) + (3 * 1692 * 128)), explanation.NaiveMultiplyAdds);
    }

    [Fact]
    public void WithoutSharingEveryRunIsAPassOfItsOwn()
    {
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(Primer.Module, Swap);
        var explanation = plan.Explain(Primer.Inputs(1, 5, 1), [Primer.Inputs(1, 5, 2)], new RunOptions { SharesWork = false });
        Assert.Equal(["source 0", "base"], explanation.Passes.Select(pass => Assert.Single(pass.Runs).Role));
    }

    [Fact]
    public void RunsOfDifferentLengthsDoNotShareAPass()
    {
        using var scope = NewDisposeScope();
        using var plan = InterventionPlan.Bind(Primer.Module, Swap);
        Assert.Equal(2, plan.Explain(Primer.Inputs(1, 5, 1), [Primer.Inputs(1, 7, 2)]).Passes.Count);
    }
}
