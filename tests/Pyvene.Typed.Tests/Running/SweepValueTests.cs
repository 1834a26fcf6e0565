using Pyvene.Typed.Analysis;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Sweeps keep the value of every prompt, read several metrics in one pass, and take several sources.</summary>
public sealed class SweepValueTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";
    private const string Peru = "The capital of Peru is";

    private static readonly Prompt Two = Prompt.Of(Spain, Italy);

    [Fact]
    public void EveryPromptHasItsValueAndTheCellTheirMean()
    {
        var metric = Metric.Logit(" Rome");
        var table = Primer.Model.Sweep(
            Gpt2.Layers(2..4), Positions.Of(3, ^1), (layer, at) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(at)), Two, Prompt.Of(Italy, Peru), metric);
        string[] bases = [Spain, Italy];
        string[] sources = [Italy, Peru];
        for (var example = 0; example < 2; example++)
        {
            using var run = Primer.Model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(3)), bases[example], sources[example]);
            Assert.Equal(run.Measure(metric).Mean, table.Values(Gpt2.Layer(3), 3)[example], 1e-3);
            Assert.Equal(run.Measure(metric).Clean!.Value[0], table.CleanValues[example], 1e-3);
        }

        var values = table.Values(Gpt2.Layer(3), 3);
        Assert.Equal((values[0] + values[1]) / 2, table[Gpt2.Layer(3), 3], 1e-9);
        Assert.Equal(Math.Abs(values[0] - values[1]) / 2, values.StandardError, 1e-9); // of two: half of their distance
        Assert.Contains("\"examples\":[[[", table.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void MetricsOfOnePassAreThoseOfASweepEach()
    {
        Metric[] metrics = [Metric.Probability(" Rome"), Metric.Rank(" Rome"), Metric.DivergenceFromClean, Metric.Of("first", logits => logits.select(1, 0))];
        var all = Swept([.. metrics]);
        Assert.Equal(metrics.Select(metric => metric.Name), all.Metrics);
        foreach (var metric in metrics)
        {
            var alone = Swept(metric);
            Assert.Equal(alone.ToString(), all.Of(metric).ToString());
            Assert.Equal(alone.Values(Gpt2.Layer(5)), all.Of(metric).Values(Gpt2.Layer(5)));
        }

        Assert.Equal(all.ToString(), all.Of(Metric.Probability(" Rome")).ToString()); // one that reads the same is the same
        Assert.Contains(
            "The sweep did not read 'logit(\" Rome\")'; it read p(\" Rome\"), rank",
            Assert.Throws<ArgumentException>(() => all.Of(Metric.Logit(" Rome"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Metrics.Of());

        static SweepTable<Gpt2.Block> Swept(Metrics metrics) =>
            Primer.Model.Sweep(Gpt2.AllLayers, layer => Gpt2.Experiment.Interchange(layer.BlockOutput.At(^1)), Spain, Italy, metrics);
    }

    [Fact]
    public void EachPromptIsMeasuredByItsOwnTokens()
    {
        var pairs = Metric.LogitDifference([(" Madrid", " Rome"), (" Rome", " Madrid")]);
        var table = Primer.Model.Sweep(
            Gpt2.AllLayers,
            layer => Gpt2.Experiment.Zero(layer.MlpOutput),
            Two,
            [pairs, Metric.Probability([" Madrid", " Rome"]), Metric.Logit([" Madrid", " Rome"]), Metric.Rank([" Madrid", " Rome"])]);
        Assert.All(table.Of(Metric.Rank([" Madrid", " Rome"])).CleanValues, rank => Assert.Equal(0, rank));
        foreach (var (example, text, answer, other) in new[] { (0, Spain, " Madrid", " Rome"), (1, Italy, " Rome", " Madrid") })
        {
            using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(2).MlpOutput), text);
            Assert.Equal(run.Measure(Metric.LogitDifference(answer, other)).Mean, table.Values(Gpt2.Layer(2))[example], 1e-3);
            Assert.Equal(run.Measure(Metric.Probability(answer)).Mean, table.Of(Metric.Probability([" Madrid", " Rome"])).Values(Gpt2.Layer(2))[example], 1e-4);
            Assert.Equal(run.Measure(Metric.Logit(answer)).Mean, table.Of(Metric.Logit([" Madrid", " Rome"])).Values(Gpt2.Layer(2))[example], 1e-3);
        }

        using var both = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(2).MlpOutput), Two);
        Assert.Equal(both.Measure(pairs).Mean, table[Gpt2.Layer(2)], 1e-3);
    }

    [Fact]
    public void AnotherNumberOfTokensThanOfPromptsIsRefusedBeforeAnythingRuns()
    {
        var cells = 0;
        var error = Assert.Throws<InterventionException>(() => Primer.Model.Sweep(
            Gpt2.AllLayers,
            layer =>
            {
                cells++;
                return Gpt2.Experiment.Zero(layer.MlpOutput);
            },
            Prompt.Of(Spain, Italy, Peru),
            Metric.LogitDifference([(" Madrid", " Rome"), (" Rome", " Madrid")])));
        Assert.Equal(
            "'logit(\" Madrid\", \" Rome\") − logit(\" Rome\", \" Madrid\")' has 2 pairs of tokens, but the base has 3 examples; give one for all of them, "
                + "or one for each, in their order.",
            error.Message);
        Assert.Equal(0, cells);
        using var run = Primer.Model.Run(Gpt2.Experiment, Spain);
        Assert.Contains(
            "has 2 tokens, but the base has 1 example;",
            Assert.Throws<InterventionException>(() => run.Measure(Metric.Rank([" Rome", " Madrid"]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralSourcesAreGivenAsOneList()
    {
        var table = Primer.Model.Sweep(
            Gpt2.AllLayers,
            layer => Gpt2.Experiment.Interchange(layer.HeadValueOutput.Head(1).At(3)).Interchange(layer.HeadValueOutput.Head(2).At(3).From(Source.Second)),
            Spain,
            [Italy, Peru],
            Metric.Logit(" Rome"));
        using var run = Primer.Model.Run(
            Gpt2.Experiment.Interchange(Gpt2.Layer(4).HeadValueOutput.Head(1).At(3))
                .Interchange(Gpt2.Layer(4).HeadValueOutput.Head(2).At(3).From(Source.Second)),
            Spain,
            Italy,
            Peru);
        Assert.Equal(run.Measure(Metric.Logit(" Rome")).Mean, table[Gpt2.Layer(4)], 1e-3);

        var grid = Primer.Model.Sweep(
            Gpt2.AllLayers,
            Positions.Of(3, ^1),
            (layer, at) => Gpt2.Experiment.WithSources(2).Interchange(layer.BlockOutput.At(at).From(Source.At(1))),
            Spain,
            [Source.Skip, Italy],
            Metric.Logit(" Rome"),
            new RunOptions { Effects = EffectCheck.Report });
        using var other = Primer.Model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(4).BlockOutput.At(3)), Spain, Italy);
        Assert.Equal(other.Measure(Metric.Logit(" Rome")).Mean, grid[Gpt2.Layer(4), 3], 1e-3);

        var error = Assert.Throws<InterventionException>(() => Primer.Model.Sweep(
            Gpt2.AllLayers,
            layer => Gpt2.Experiment.Interchange(layer.BlockOutput).Add(layer.MlpOutput.From(Source.Second)),
            Spain,
            [Italy],
            Metric.Logit(" Rome")));
        Assert.Contains("The cells take 2 sources, but 1 were given.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BootstrapIntervalIsTheOneOfItsSeed()
    {
        var sample = Sample.Of([.. Enumerable.Range(0, 100).Select(value => (double)(value % 10))]);
        var (low, high) = sample.Interval();
        Assert.Equal((low, high), sample.Interval());
        Assert.NotEqual((low, high), sample.Interval(seed: 1));
        Assert.Equal(4.5, sample.Mean, 1e-12);
        Assert.Equal(0.288675, sample.StandardError, 1e-5); // sqrt(8.25 · 100 / 99 / 100)
        Assert.Equal(4.5 - (1.96 * 0.2872), low, 0.03); // the normal interval, which that of so many examples is near
        Assert.Equal(4.5 + (1.96 * 0.2872), high, 0.03);
        var narrow = sample.Interval(confidence: 0.5);
        Assert.True(narrow.Low > low && narrow.High < high);
        Assert.Equal((3.0, 3.0), Sample.Of(3, 3, 3).Interval());
        Assert.True(double.IsNaN(Sample.Of(3, double.NaN).Interval().Low));
    }

    [Fact]
    public void OneExampleHasNoInterval()
    {
        var one = Sample.Of(3);
        Assert.Equal(
            "A bootstrap interval needs at least two examples, but there is one; give the sweep a prompt with several, as Prompt.Of(…).",
            Assert.Throws<InvalidOperationException>(() => one.Interval()).Message);
        Assert.Throws<InvalidOperationException>(() => one.StandardError);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Of(1, 2).Interval(confidence: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Of(1, 2).Interval(confidence: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample.Of(1, 2).Interval(draws: 0));
        Assert.Throws<ArgumentException>(() => Sample.Of());
    }
}
