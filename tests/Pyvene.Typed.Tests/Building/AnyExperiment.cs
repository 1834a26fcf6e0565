using CsCheck;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed.Tests.Building;

/// <summary>Experiments of any form: every kind of place, refined in any way, under every verb.</summary>
internal static class AnyExperiment
{
    private static readonly RotatedSpace Shared = new(128) { IsPerUnit = true };

    private static readonly Gen<Positions> SomePositions = Gen.OneOf(
        Gen.Int[0, 9].Select(index => (Positions)index),
        Gen.Int[1, 9].Select(index => Positions.Of(^index, 0)),
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 3], (start, end) => (Positions)(start..^end)),
        Gen.String[1, 8].Select(Positions.OfText),
        Gen.Int[0, 9].Array[2].Array[1, 3].Select(rows => Positions.PerExample(rows)),
        Gen.Int[0, 9].Array[2].Array[1, 3].Select(rows => Positions.Columns(rows)));

    private static readonly Gen<Features> SomeFeatures = Gen.OneOf(
        Gen.Int[0, 99].Array[1, 4].Select(indices => (Features)indices),
        Gen.Select(Gen.Int[0, 50], Gen.Int[1, 50], (start, length) => (Features)(start..(start + length))),
        Gen.Int[0, 9].Array[2].Array[1, 3].Select(rows => Features.PerExample(rows)),
        Gen.OneOf("a", "b").Select(name => Partition.Even(64, "a", "b")[name]));

    private static readonly Gen<Heads> SomeHeads = Gen.OneOf(
        Gen.Int[0, 3].Array[1, 3].Select(heads => (Heads)heads),
        Gen.Int[0, 2].Select(start => (Heads)(start..4)),
        Gen.Int[0, 3].Array[1].Array[1, 3].Select(rows => Heads.PerExample(rows)));

    private static readonly Gen<Steps> SomeSteps = Gen.OneOf(
        Gen.OneOf(Steps.Prompt, Steps.Each, Steps.Prompt.And(Steps.Each)),
        Gen.Int[0, 9].Select(step => Steps.At(step, step + 2)),
        Gen.Int[1, 9].Select(count => Steps.In(0..count).And(Steps.Prompt)));

    private static readonly Gen<Gpt2.Block> Layers = Gen.Int[0, 5].Select(layer => Gpt2.Layer(layer));

    private static readonly Gen<Site<Gpt2>> Places = Gen.OneOf<Site<Gpt2>>(
        Layers.Select(layer => (Site<Gpt2>)layer.BlockOutput),
        Gen.Select(Layers, SomePositions, SomePositions, (layer, at, from) => (Site<Gpt2>)layer.MlpOutput.At(at).ReadAt(from)),
        Gen.Select(Layers, SomePositions, SomeFeatures, (layer, at, features) => (Site<Gpt2>)layer.AttentionOutput.Features(features).At(at)),
        Gen.Select(Layers, Gen.Int[0, 99], SomeSteps, (layer, neuron, steps) => (Site<Gpt2>)layer.MlpActivation.During(steps).Neuron(neuron)),
        Gen.Select(Layers, SomeHeads, SomePositions, (layer, heads, at) => (Site<Gpt2>)layer.HeadValueOutput.Heads(heads).ReadHeads(heads).At(at)),
        Gen.Select(Layers, SomeHeads, SomePositions, (layer, heads, at) => (Site<Gpt2>)layer.HeadQueryOutput.At(at).Heads(heads)),
        Gen.Select(Layers, Gen.Int[0, 3], SomePositions, (layer, head, query) => (Site<Gpt2>)layer.AttentionWeight.Head(head).Query(query)));

    private static readonly Gen<ConstantSource> Constants = Gen.Float[-9, 9].Array[1, 4].Select(vector => (ConstantSource)vector);

    // Each returns the experiment with one step more; with two sources every verb keeps the type.
    private static readonly Gen<Func<Experiment<Gpt2, TwoSources>, Experiment<Gpt2, TwoSources>>> Verbs = Gen.OneOf(
        Places.Select(place => Step(experiment => experiment.Zero(place))),
        Places.Select(place => Step(experiment => experiment.Collect(place, out _))),
        Places.Select(place => Step(experiment => experiment.Interchange(place))),
        Places.Select(place => Step(experiment => experiment.Add(place.From(Source.Second)))),
        Places.Select(place => Step(experiment => experiment.Subtract(place.From(Source.First)))),
        Gen.Select(Places, Constants, (place, value) => Step(experiment => experiment.Interchange(place, value))),
        Gen.Select(
            Places, Constants, Constants, (place, value, other) => Step(experiment => experiment.Add(place, value, out var constant).With(constant, other))),
        Places.Select(place => Step(experiment => experiment.Apply(place, new Noise(new float[] { 1, 2 }, 0.5)))),
        Places.Select(place => Step(experiment => experiment.Apply(place, new Skip()))),
        Places.Select(place => Step(experiment => experiment.Apply(place.From(Source.Second), Shared))),
        Gen.Select(Places, Gen.Int[1, 8], (place, rank) => Step(experiment => experiment.Apply(place, new LowRankRotatedSpace(128, rank)))),
        Gen.Bool.Select(series => Step(experiment => series ? experiment.InSeries() : experiment.InParallel())));

    /// <summary>Gets experiments on GPT-2 with up to five steps.</summary>
    public static Gen<Experiment<Gpt2, TwoSources>> Any { get; } = Verbs.Array[1, 5].Select(steps => steps.Aggregate(
        Gpt2.Experiment.Interchange(Gpt2.Layer(0).BlockOutput).Add(Gpt2.Layer(0).BlockOutput.From(Source.Second)), (experiment, step) => step(experiment)));

    private static Func<Experiment<Gpt2, TwoSources>, Experiment<Gpt2, TwoSources>> Step(
        Func<Experiment<Gpt2, TwoSources>, Experiment<Gpt2, TwoSources>> step) => step;
}
