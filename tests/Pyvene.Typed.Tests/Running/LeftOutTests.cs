namespace Pyvene.Typed.Tests.Running;

/// <summary>What a run does not have is named when it is asked for, with the option or the step that is missing.</summary>
public sealed class LeftOutTests
{
    private const string Spain = "The capital of Spain is";

    [Fact]
    public void CleanLogitsOfARunWithoutTheCleanRunNameTheOption()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput), Spain, new RunOptions { WithClean = false });
        Assert.Equal(
            "There is no clean run beside this one: it has no interventions, so that Logits are the clean ones, or its options left it out "
                + "(WithClean = false); run with new RunOptions { WithClean = true }.",
            Assert.Throws<InvalidOperationException>(() => run.CleanLogits).Message);
    }

    [Fact]
    public void ReceiptOfAnExperimentWithoutStepsNamesTheMissingStep()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment, Spain);
        Assert.StartsWith(
            "The experiment has no steps, so the run has no receipts. Add a step",
            Assert.Throws<ArgumentOutOfRangeException>(() => run.Receipts[0]).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ListOfNoTokenSaysThatItHasOneAtLeast()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput), Spain);
        Assert.Single(run.TopTokens(1).Examples[0].After);
        Assert.StartsWith(
            "At least one token is listed", Assert.Throws<ArgumentOutOfRangeException>(() => run.TopTokens(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReceiptBeyondTheLastNamesHowManyThereAre()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput), Spain);
        Assert.Equal(5 * 128, run.Receipts[0].Elements); // five tokens
        Assert.StartsWith(
            "The run has 1 receipt, one a step, counted from 0; there is no 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => run.Receipts[1]).Message,
            StringComparison.Ordinal);
    }
}
