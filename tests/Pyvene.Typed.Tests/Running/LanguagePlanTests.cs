using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Experiments that are bound to a language model once and run many times.</summary>
public sealed class LanguagePlanTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";
    private const string Peru = "The capital of Peru is";
    private const string Japan = "The capital of Japan is";

    private static readonly PositionedSite<Gpt2> Early = Gpt2.Layer(1).BlockOutput.At(3);

    [Fact]
    public void PromptRunsWithoutAnExperiment()
    {
        using var run = Primer.Model.Run("The capital of Spain is");
        using var other = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput), "The capital of Spain is");
        Assert.Contains("Logits are the clean ones", Assert.Throws<InvalidOperationException>(() => run.CleanLogits).Message, StringComparison.Ordinal);
        Assert.Equal(0, Primer.Difference(run.Logits, other.CleanLogits!), 1e-3);
        Assert.Equal(other.Measure(Metric.Probability(" Madrid")).Clean!.Value[0], run.Probability(" Madrid").Mean, 1e-4);
        Assert.Equal(128, Primer.Model.HiddenSize);
    }

    [Fact]
    public async Task NumberOfTokensAloneKeepsWhatTheFolderSays()
    {
        var text = Primer.Model.Generate("The capital of Spain is", maxNewTokens: 3);
        Assert.Equal(3, text.TokenIds[0].Length);
        Assert.Equal(Primer.Model.Generate("The capital of Spain is", new Typed.Generation.GenerationOptions { MaxNewTokens = 3 }).Texts[0], text.Texts[0]);
        Assert.Equal(text.Texts[0], (await Primer.Model.StreamAsync("The capital of Spain is", 3)).Texts[0]); // awaited, it is read to its end
    }

    [Fact]
    public async Task StreamOfAnExperimentIsAwaitedToItsTypedText()
    {
        var experiment = Gpt2.Experiment
            .Add(Gpt2.Layer(1).BlockOutput.During(Steps.Each), new float[128])
            .Collect(Gpt2.Layer(2).MlpOutput.During(Steps.Each), out var values);
        var generation = new Typed.Generation.GenerationOptions { MaxNewTokens = 3, EosTokenIds = [] };
        var options = new RunOptions { Effects = EffectCheck.Report };
        using var text = await Primer.Model.StreamAsync(experiment, "The capital of Spain is", generation, options);
        using var whole = Primer.Model.Generate(experiment, "The capital of Spain is", generation, options);
        Assert.Equal(whole.Texts[0], text.Texts[0]);
        Assert.Equal(whole[values].Count, text[values].Count);
        Assert.Equal(0, Primer.Difference(whole[values][1], text[values][1]), 1e-6);
    }

    [Fact]
    public void ListsAreVectorsAndPositions()
    {
        var vector = new Typed.Configuration.ConstantSource([2], [1, 2]);
        Assert.Equal(vector, (Typed.Configuration.ConstantSource)new List<float> { 1, 2 });
        Assert.Equal(vector, (Typed.Configuration.ConstantSource)new[] { 1.0, 2.0 });
        int[] places = [1, 2];
        Assert.Equal(Positions.Of(1, 2), (Positions)places);
        Assert.Equal(Gpt2.Layer(1).MlpOutput.At(1, 2), Gpt2.Layer(1).MlpOutput.At(places));
        Assert.Equal(Positions.Of(1, 2), (Positions)new List<int> { 1, 2 });
        Assert.Contains("^1", Assert.Throws<ArgumentOutOfRangeException>(() => (Positions)new[] { -1 }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NameWithoutAnOwnerSaysHowModelsOfTheHubAreCalled() => Assert.Contains(
        "by its whole name, OWNER/NAME, such as 'openai-community/gpt2'",
        Assert.Throws<Typed.Errors.CheckpointException>(() => Gpt2.Load("gpt2-that-is-nowhere")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void BoundExperimentGivesWhatEveryRunByItselfGives()
    {
        var experiment = Gpt2.Experiment.Interchange(Early).Collect(Gpt2.Layer(4).BlockOutput.At(^1), out var residual);
        using var plan = Primer.Model.Bind(experiment);
        foreach (var source in new[] { Italy, Peru })
        {
            using var expected = Primer.Model.Run(experiment, Spain, source);
            using var run = plan.Run(Spain, source);
            Assert.Equal(0, Primer.Difference(expected.Logits, run.Logits));
            Assert.Equal(0, Primer.Difference(expected.CleanLogits!, run.CleanLogits!));
            Assert.Equal(0, Primer.Difference(expected[residual], run[residual]));
            Assert.Equal(expected.TopTokens().ToString(), run.TopTokens().ToString());
        }
    }

    [Fact]
    public void NextTokensNeedNoLogitsOfOtherPositions()
    {
        var experiment = Gpt2.Experiment.Interchange(Early);
        var (prompt, other) = (Prompt.Of(Spain, "In Spain the capital"), Prompt.Of(Italy, "In Italy the capital")); // of two lengths, so padded
        using var whole = Primer.Model.Run(experiment, prompt, other, new RunOptions { WithClean = true });
        using var next = Primer.Model.Run(experiment, prompt, other, new RunOptions { WithClean = true, NextTokenOnly = true });
        Assert.Equal(1, next.Logits.shape[1]);
        Assert.Equal(whole.TopTokens().ToString(), next.TopTokens().ToString());
        Assert.Equal(whole.Measure(Metric.Probability(" Rome")).Mean, next.Measure(Metric.Probability(" Rome")).Mean, tolerance: 1e-6);
    }

    [Fact]
    public void EveryNumberOfSourcesIsTaken()
    {
        var none = Gpt2.Experiment.Zero(Early);
        var one = Gpt2.Experiment.Interchange(Early);
        var two = one.Interchange(Gpt2.Layer(2).MlpOutput.At(4).From(Source.Second));
        var three = two.Interchange(Gpt2.Layer(3).MlpOutput.At(4).From(Source.Third));
        var four = three.Interchange(Gpt2.Layer(4).MlpOutput.At(4).From(Source.Fourth));
        var many = Gpt2.Experiment.WithSources(2).Interchange(Early).Interchange(Gpt2.Layer(2).MlpOutput.At(4).From(Source.At(1)));

        Same(Primer.Model.Run(none, Spain), Using(Primer.Model.Bind(none), plan => plan.Run(Spain)));
        Same(Primer.Model.Run(one, Spain, Italy), Using(Primer.Model.Bind(one), plan => plan.Run(Spain, Italy)));
        Same(Primer.Model.Run(two, Spain, Italy, Peru), Using(Primer.Model.Bind(two), plan => plan.Run(Spain, Italy, Peru)));
        Same(Primer.Model.Run(three, Spain, Italy, Peru, Source.Skip), Using(Primer.Model.Bind(three), plan => plan.Run(Spain, Italy, Peru, Source.Skip)));
        Same(Primer.Model.Run(four, Spain, Italy, Peru, Japan, Italy), Using(Primer.Model.Bind(four), plan => plan.Run(Spain, Italy, Peru, Japan, Italy)));
        Same(Primer.Model.Run(many, Spain, [Italy, Peru]), Using(Primer.Model.Bind(many), plan => plan.Run(Spain, [Italy, Peru])));
    }

    [Fact]
    public void PlanTellsHowItWouldRun()
    {
        using var plan = Primer.Model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(4).BlockOutput.At(^1)));
        var explanation = plan.Explain(Spain, Italy);
        Assert.InRange(explanation.MultiplyAdds, 1, explanation.NaiveMultiplyAdds - 1);
        Assert.Contains("source 0", explanation.ToString(), StringComparison.Ordinal);
        Assert.Equal("sources", Assert.Throws<InterventionException>(() => plan.Explain(Spain)).Field);
    }

    [Fact]
    public void ExperimentThatDoesNotFitTheModelIsRefusedBeforeThereIsAPrompt() =>
        Assert.Equal("layer", Assert.Throws<InterventionException>(() => Primer.Model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(6).MlpOutput))).Field);

    private static ExperimentRun<Gpt2> Using<TPlan>(TPlan plan, Func<TPlan, ExperimentRun<Gpt2>> run)
        where TPlan : IDisposable
    {
        using (plan)
        {
            return run(plan);
        }
    }

    private static void Same(ExperimentRun<Gpt2> expected, ExperimentRun<Gpt2> run)
    {
        using (expected)
        using (run)
        {
            Assert.Equal(0, Primer.Difference(expected.Logits, run.Logits));
        }
    }
}
