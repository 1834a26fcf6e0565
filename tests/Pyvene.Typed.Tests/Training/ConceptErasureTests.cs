using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Training;

/// <summary>Laws of what removes a concept.</summary>
public sealed class ConceptErasureTests
{
    [Theory]
    [InlineData(200, 6)]
    [InlineData(40, 60)] // fewer examples than dimensions
    public void BehindLeaceNothingLinearIsLeft(int count, int width)
    {
        using var scope = NewDisposeScope();
        var (values, labels) = Uneven(count, width);
        var erasure = ConceptErasure.Leace(values, labels);
        var erased = erasure.Apply(values, null, null)!;
        var centred = LabelledValues.Of(erased, labels).Indicators(3);
        var covariance = erased.sub(erased.mean([0])).mT.matmul(centred.sub(centred.mean([0]))).div(count); // [width, class]
        Assert.InRange(covariance.abs().max().item<double>(), 0, 1e-5);

        var probe = LogisticRegression.Fit(LabelledValues.Of(erased, labels), 3, penalty: 1);
        Assert.All(probe.Classify(erased), label => Assert.Equal(0, label)); // the commonest label, whatever the value
        Assert.InRange(Primer.Difference(erased, erasure.Apply(erased, null, null)!), 0, 1e-4);
        Assert.Equal([2L, width], erasure.Directions.Shape.ToArray());
        Assert.InRange(Primer.Difference(erased.mean([0]), values.mean([0])), 0, 1e-5); // means stay
    }

    // Of all that removes the concept, it changes the values least: in two dimensions without correlation, nothing but the one that differs.
    [Fact]
    public void LeaceLeavesWhatIsUnrelatedAsItIs()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new double[,] { { 1, 1 }, { 1, -1 }, { -1, 1 }, { -1, -1 } });
        var erased = ConceptErasure.Leace(values, tensor(new[] { 1L, 1, 0, 0 })).Apply(values, null, null)!;
        Assert.InRange(Primer.Difference(erased, tensor(new double[,] { { 0, 1 }, { 0, -1 }, { 0, 1 }, { 0, -1 } })), 0, 1e-6);
    }

    [Fact]
    public void NullSpaceProjectionIsOrthogonalAndIdempotentAndLeavesProbesNothing()
    {
        using var scope = NewDisposeScope();
        var (values, labels) = Uneven(200, 12);
        var erasure = ConceptErasure.NullSpace(values, labels, rounds: 4);
        Assert.Equal(erasure.Directions, erasure.Readers);
        Tensor directions = tensor([.. erasure.Directions.Values], [.. erasure.Directions.Shape], dtype: float32); // [direction, width]
        Assert.InRange(Primer.Difference(directions.matmul(directions.mT), eye(directions.shape[0])), 0, 1e-5);
        var erased = erasure.Apply(values, null, null)!;
        Assert.InRange(Primer.Difference(erased, erasure.Apply(erased, null, null)!), 0, 1e-5);
        Assert.InRange(erased.matmul(directions.mT.to(float64)).abs().max().item<double>(), 0, 1e-4);
        var before = ProbeScore.Of(values, labels).Accuracy.Mean;
        Assert.True(ProbeScore.Of(erased, labels).Accuracy.Mean < before - 0.2);
    }

    [Fact]
    public void ErasedConceptIsGoneFromTheModelAndComesBackFromAFile()
    {
        var place = Gpt2.Layer(1).BlockOutput.At(0);
        var erasure = ConceptErasure.Leace(Primer.Model, place, ProbeTests.Genders);
        var experiment = Gpt2.Experiment.Apply(place, erasure).Collect(place, out var handle);
        var again = InterventionConfig.FromJson(experiment.ToConfig().ToJson());
        Assert.Equal(experiment.ToConfig(), again);
        Assert.Equal(erasure, again.Interventions[0].Intervention);

        using var scope = NewDisposeScope();
        using var run = Primer.Model.Run(experiment, Prompt.Of([.. ProbeTests.Genders.Select(example => example.Prompt.Texts[0])]));
        var (values, labels) = (run[handle].flatten(1), Probes.LabelsOf(ProbeTests.Genders));
        var women = values[labels.eq(1)].mean([0]);
        Assert.InRange(Primer.Difference(women, values[labels.eq(0)].mean([0])), 0, 1e-3);
    }

    // At the name, what one erasure takes away comes back in the layers behind it; erasures of every layer leave nothing anywhere.
    [Fact]
    public void ErasuresOfEveryLayerLeaveLaterProbesNothingAndOneAloneDoesNot()
    {
        using var scope = NewDisposeScope();
        Site<Gpt2>[] places = [.. Enumerable.Range(1, 3).Select(layer => (Site<Gpt2>)Gpt2.Layer(layer).BlockOutput.At(0))];
        var labels = Probes.LabelsOf(ProbeTests.Genders);
        var one = Gpt2.Experiment.Apply(places[0], ConceptErasure.Leace(Primer.Model, places[0], ProbeTests.Genders));
        var all = ConceptErasure.Leace(Primer.Model, places, ProbeTests.Genders);
        Assert.Equal(3, all.ToConfig().Interventions.Length);
        Assert.InRange(Apart(one, places[0]), 0, 1e-3);
        Assert.InRange(Apart(one, places[2]), 0.1, double.MaxValue);
        Assert.All(places, place => Assert.InRange(Apart(all, place), 0, 1e-3));
        Assert.Contains(
            "in the order in which the model computes them",
            Assert.Throws<InterventionException>(() => ConceptErasure.Leace(Primer.Model, [places[2], places[0]], ProbeTests.Genders)).Message,
            StringComparison.Ordinal);

        // How far the means of the classes are apart: where they are one, no linear probe has anything to go by (Belrose et al., 2023).
        double Apart(Experiment<Gpt2, NoSource> experiment, Site<Gpt2> place)
        {
            var values = Primer.Model.CollectValues(experiment, place, ProbeTests.Genders); // [example, dModel]
            return Primer.Difference(values[labels.eq(1)].mean([0]), values[labels.eq(0)].mean([0]));
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedByName()
    {
        using var scope = NewDisposeScope();
        var narrow = ConceptErasure.Leace(ones(4, 3).add(rand(4, 3)), tensor(new[] { 0L, 1, 1, 0 }));
        Assert.Contains(
            "the erasure is 3 wide, but the values at its place 128",
            Assert.Throws<InterventionException>(() => Primer.Model.Run(Gpt2.Experiment.Apply(Gpt2.Layer(1).BlockOutput.At(0), narrow), "Mary smiled")).Message,
            StringComparison.Ordinal);
        Assert.Contains("expected [direction, width]", Assert.Throws<InterventionException>(() =>
            new Erasure(new float[] { 1 }, new float[] { 1 }, new float[] { 1 }).Apply(ones(1, 1), null, null)).Message, StringComparison.Ordinal);
    }

    // Half of the examples are of class 0.
    private static (Tensor Values, Tensor Labels) Uneven(int count, int width)
    {
        var (values, labels) = ProbeTests.Classes(count, width, 4);
        return (values, labels.sub(1).clamp(min: 0));
    }
}
