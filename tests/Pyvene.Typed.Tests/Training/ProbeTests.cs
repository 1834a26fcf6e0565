using Pyvene.Typed.Analysis;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Linear probes tell what can be read off values, and their controls what chance would.</summary>
public sealed class ProbeTests
{
    private static readonly string[] Women = ["Mary", "Anna", "Emma", "Julia", "Laura", "Sarah"];
    private static readonly string[] Men = ["John", "Paul", "Peter", "Tom", "David", "Mark"];

    internal static LabelledPrompt[] Genders { get; } = [.. Women.Zip(Men).SelectMany(pair => new[] { "smiled because", "ran because", "was sad because" }
        .SelectMany(end => new LabelledPrompt[] { new($"{pair.First} {end}", 1), new($"{pair.Second} {end}", 0) }))];

    [Fact]
    public void WhatIsThereIsReadAndShuffledLabelsAreNot()
    {
        using var scope = NewDisposeScope();
        var (values, labels) = Classes(600, width: 8, classes: 3);
        var score = ProbeScore.Of(values, labels);
        Assert.InRange(score.Accuracy.Mean, 0.95, 1);
        Assert.InRange(score.Control.Mean, 0.2, 0.46);
        Assert.Equal(1 / 3.0, score.Majority.Mean, 3);
        Assert.Equal(180, score.Accuracy.Count);
        Assert.InRange(score.Control.StandardError, 0.02, 0.05);
        Assert.Equal(score.Accuracy, ProbeScore.Of(values, labels).Accuracy);
    }

    // The derivative of the penalised loss is 0 at its only minimum.
    [Fact]
    public void FitIsWhereTheLossIsLeast()
    {
        using var scope = NewDisposeScope();
        var (values, labels) = Classes(90, width: 5, classes: 3);
        var examples = LabelledValues.Of(values.mul(3).add(2), labels);
        var fit = LogisticRegression.Fit(examples, 3, penalty: 2);
        var deviation = examples.Values.std([0L], unbiased: false);
        var errors = examples.Values.matmul(fit.Weight).add(fit.Bias).softmax(1).sub(examples.Indicators(3)); // [example, class]
        var standard = examples.Values.sub(examples.Values.mean([0])).div(deviation);
        var slope = standard.mT.matmul(errors).add(fit.Weight.mul(deviation.unsqueeze(1)).mul(2)); // [width, class]
        Assert.InRange(slope.abs().max().item<double>(), 0, 1e-4);
        Assert.InRange(errors.sum([0]).abs().max().item<double>(), 0, 1e-4);
    }

    [Fact]
    public void GridOfAModelIsATableWithItsControl()
    {
        var table = Primer.Model.Probe(
            Gpt2.AllLayers,
            Axis.Of("name", "end"),
            (layer, where) => layer.BlockOutput.At(where == "name" ? 0 : ^1),
            Genders,
            new ProbeOptions { BatchSize = 7 },
            beside: (layer, _) => new AlignmentScore(layer == Gpt2.Layer(0) ? 0.25 : 0.75, 0, []));
        Assert.Equal(["name", "end"], table.Columns);
        Assert.Equal("probe accuracy", table.Metric);
        Assert.InRange(table[Gpt2.Layer(1), "name"], 0.7, 1);
        Assert.Equal(0.5, table.Clean);
        Assert.InRange(table.Of(ProbeScore.ControlMetric)[Gpt2.Layer(1), "name"], 0, 0.95);
        Assert.Equal(0.25, table.Of(AlignmentScore.AccuracyMetric)[Gpt2.Layer(0), "end"]);
        var one = Primer.Model.Probe(Gpt2.Layer(1).BlockOutput.At(0), Genders);
        Assert.Equal(one.Accuracy.Mean, table[Gpt2.Layer(1), "name"]);
        Assert.Contains("interchange intervention accuracy", table.Metrics);
    }

    [Fact]
    public void WhatCannotBeProbedIsRefusedByName()
    {
        using var scope = NewDisposeScope();
        var values = ones(4, 3);
        Refused("two kinds", values, tensor(new[] { 1L, 1, 1, 1 }));
        Refused("one example", values, tensor(new[] { 0L, 1, 1, 1 }));
        Refused("[4, 3]", values, tensor(new[] { 0L, 1, 1 }));
        Refused("NaN", values.div(0).sub(values.div(0)), tensor(new[] { 0L, 1, 1, 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProbeScore.Of(values, tensor(new[] { 0L, 1, 1, 0 }), new ProbeOptions { HeldOut = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProbeScore.Of(values, tensor(new[] { 0L, 1, 1, 0 }), new ProbeOptions { Penalty = 0 }));
        Assert.StartsWith(
            "A label is the number of a class, from 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new LabelledPrompt("a", -1)).Message,
            StringComparison.Ordinal);

        static void Refused(string words, Tensor values, Tensor labels) =>
            Assert.Contains(words, Assert.Throws<ArgumentException>(() => ProbeScore.Of(values, labels)).Message, StringComparison.Ordinal);
    }

    /// <summary>Returns values whose class shifts two of their entries: [example, width] and [example].</summary>
    internal static (Tensor Values, Tensor Labels) Classes(int count, int width, int classes)
    {
        using var generator = new Generator(7, CPU);
        var labels = arange(count).remainder(classes).to(int64);
        var centres = randn([classes, width], dtype: float64, generator: generator).mul(3);
        var noise = randn([count, width], dtype: float64, generator: generator).matmul(randn([width, width], dtype: float64, generator: generator).mul(0.3));
        return (centres.index_select(0, labels).add(noise), labels);
    }
}
