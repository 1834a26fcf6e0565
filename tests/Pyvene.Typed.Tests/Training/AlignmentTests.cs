using Pyvene.Typed.Causal;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Variables of causal models are joined to places: from that come experiment, examples and training.</summary>
public sealed class AlignmentTests
{
    private static Alignment<Pairs, PairNet, OneSource> Left =>
        Experiment.On<PairNet>().Align(Pairs.Variables.WX, PairNet.Components.Held.Output.Features(0..1));

    private static Alignment<Pairs, PairNet, TwoSources> Both => Left.Align(Pairs.Variables.YZ, PairNet.Components.Held.Output.Features(1..2));

    [Fact]
    public void RotationThatTwoVariablesShareIsFound()
    {
        using var scope = NewDisposeScope();
        using var net = new PairNet();
        var alignment = Both;
        var held = alignment.ToExamples(alignment.DrawCounterfactual(256, 8, seed: 2));
        using var aligned = alignment.Bind(net, alignment.ToExamples(alignment.DrawCounterfactual(512, 32, seed: 1)), seed: 4);
        var before = aligned.Evaluate(held);
        var result = aligned.Train(new TrainingOptions { Epochs = 12, Optimiser = Optimiser.Adam(0.05), Evaluation = held });

        Assert.InRange(before.Accuracy, 0, 0.95);
        Assert.InRange(result.Evaluation!.Accuracy, 0.99, 1);
        Assert.Equal(result.Evaluation.Accuracy, aligned.Evaluate(held).Accuracy);
        Assert.Equal(4, Assert.Single(aligned.Rotations).Width);
        Assert.Equal(2, aligned.Experiment.ToConfig().Interventions.Select(spec => ((Learned)spec.Intervention).Module).Count());
        Assert.Single(aligned.Experiment.ToConfig().Interventions.Select(spec => ((Learned)spec.Intervention).Module).Distinct());
    }

    [Fact]
    public void SameSeedGivesTheSameRotation()
    {
        using var scope = NewDisposeScope();
        using var net = new PairNet();
        var examples = Both.ToExamples(Both.DrawCounterfactual(8, 2, seed: 1));
        using var first = Both.Bind(net, examples, seed: 9);
        using var second = Both.Bind(net, examples, seed: 9);
        Assert.Equal(first.Rotations[0].ComputeRotation(), second.Rotations[0].ComputeRotation());
    }

    [Fact]
    public void InterventionOfTheUsersChoiceNeedsNoTraining()
    {
        using var scope = NewDisposeScope();
        using var net = new PairNet();
        var differ = PairNet.Components.Differ.Output;
        var right = Experiment.On<PairNet>()
            .Align(Pairs.Variables.WX, differ.Features(0..2), new Interchange())
            .Align(Pairs.Variables.YZ, differ.Features(2..4), new Interchange());
        var wrong = Experiment.On<PairNet>()
            .Align(Pairs.Variables.WX, differ.Features(2..4), new Interchange())
            .Align(Pairs.Variables.YZ, differ.Features(0..2), new Interchange());
        var samples = right.DrawCounterfactual(128, 8, seed: 3);
        using var aligned = right.Bind(net, right.ToExamples(samples));
        using var other = wrong.Bind(net, wrong.ToExamples(samples));
        Assert.Equal(1, aligned.Evaluate().Accuracy);
        Assert.InRange(other.Evaluate().Accuracy, 0, 0.9);
        Assert.Empty(aligned.Rotations);
    }

    [Fact]
    public void UntypedModelGivesTheSameAlignment()
    {
        using var scope = NewDisposeScope();
        var untyped = Experiment.On<PairNet>()
            .Align(Pairs.Model, "WX", PairNet.Components.Held.Output.Features(0..1))
            .Align("YZ", PairNet.Components.Held.Output.Features(1..2));
        Assert.Equal(Both.ToString(), untyped.ToString());
        Assert.Equal(["WX", "YZ"], untyped.Variables);
        var (typed, others) = (Both.DrawCounterfactual(32, 4, seed: 5), untyped.DrawCounterfactual(32, 4, seed: 5));
        Assert.Equal(typed.InterventionIds.ToArray(), others.InterventionIds.ToArray());
        Assert.Equal(typed.LabelTensor(), others.LabelTensor());
    }

    [Fact]
    public void SamplesInterveneOnAlignedVariablesAlone()
    {
        using var scope = NewDisposeScope();
        var samples = Left.DrawCounterfactual(64, 1, seed: 1);
        Assert.All(samples.InterventionIds, id => Assert.Equal(1, id));
        Assert.Equal(1, Left.ToExamples(samples).SourceCount);
    }

    [Fact]
    public void SamplesBecomeTextsWithASourceForEachVariable()
    {
        var samples = Both.DrawCounterfactual(16, 1, seed: 1);
        var set = Both.ToExamples(samples, setting => $"{setting["W"]} {setting["Z"]}", setting => setting["Same"].AsBoolean() ? " yes" : " no");
        for (var row = 0; row < samples.Count; row++)
        {
            Assert.Equal($"{samples.Inputs[row]["W"]} {samples.Inputs[row]["Z"]}", set.Examples[row].Base.Texts[0]);
            Assert.Equal(samples.Labels[row]["Same"].AsBoolean() ? " yes" : " no", set.Examples[row].Label);
            Assert.Equal((samples.InterventionIds[row] & 2) == 0, set.Examples[row].Sources[1].Prompt is null);
        }
    }

    [Fact]
    public void OverlapsAreRefusedByName()
    {
        var place = PairNet.Components.Held.Output;
        Assert.Equal(
            "'WX' and 'YZ' overlap: features 0 to 1 of the output of module 'held' and features 1 to 3 of the output of module 'held' share feature 1. "
                + "Give each features of its own, as in Features(0..8) and Features(8..16), or another place.",
            Assert.Throws<InterventionException>(() => Experiment.On<PairNet>()
                .Align(Pairs.Variables.WX, place.Features(0..2)).Align(Pairs.Variables.YZ, place.Features(1..4))).Message);
        Assert.Contains("overlap", Assert.Throws<InterventionException>(() => Left.Align(Pairs.Variables.YZ, place)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoAlignmentIsRefusedByName()
    {
        using var scope = NewDisposeScope();
        using var net = new PairNet();
        var place = PairNet.Components.Held.Output;
        Assert.Contains("'WX' is aligned twice", Assert.Throws<CausalModelException>(() => Left.Align(Pairs.Variables.WX, place.Features(2..3))).Message,
            StringComparison.Ordinal);
        Assert.Contains("Did you mean 'WX'?", Assert.Throws<CausalModelException>(() => Experiment.On<PairNet>().Align(Pairs.Model, "WXX", place)).Message,
            StringComparison.Ordinal);
        Assert.Contains("'W' is not between", Assert.Throws<CausalModelException>(() => Experiment.On<PairNet>().Align(Pairs.Model, "W", place)).Message,
            StringComparison.Ordinal);
        Assert.Contains("reads no source", Assert.Throws<InterventionException>(() => Left.Align(Pairs.Variables.YZ, place.Features(2..3), new Zero())).Message,
            StringComparison.Ordinal);
        var wide = Left.Align(Pairs.Variables.YZ, place.Features(1..8));
        Assert.Contains(
            "'YZ' is aligned with features 1 to 7 of the output of module 'held', which is 4 wide (0 to 3)",
            Assert.Throws<InterventionException>(() => wide.Bind(net, wide.ToExamples(wide.DrawCounterfactual(4, 2, seed: 1)))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "a source for each variable (WX), 1 in all, but the examples have 2",
            Assert.Throws<InterventionException>(() => Left.Bind(net, wide.ToExamples(wide.DrawCounterfactual(4, 2, seed: 1)))).Message,
            StringComparison.Ordinal);
        var samples = Causal.Equality.DrawCounterfactual(4, 2, seed: 1);
        Assert.Contains("another causal model", Assert.Throws<CausalModelException>(() => Left.ToExamples(samples)).Message, StringComparison.Ordinal);
    }
}
