using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Tests.Json;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Building;

public sealed class ExperimentTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";
    private const string Peru = "The capital of Peru is";

    [Fact]
    public void AnyExperimentIsSavedAndLoadsBackIntoAnEqualDescription() => AnyExperiment.Any.Holds(
        experiment =>
        {
            var config = experiment.ToConfig();
            var json = config.ToJson(withoutTensors: true);
            var loaded = InterventionConfig.FromJson(json);
            Assert.Equal(config, loaded);
            Assert.Equal(config.GetHashCode(), loaded.GetHashCode());
            Assert.Equal(json, loaded.ToJson(withoutTensors: true));
        },
        iter: 500);

    [Fact]
    public void PlacesConstantsAndFunctionsThatAreNullAreNamed()
    {
        Site<Gpt2> none = null!, site = Gpt2.Layer(0).MlpOutput;
        PositionedSite<Gpt2> nowhere = null!;
        var one = Gpt2.Experiment.Interchange(site);
        (string Name, Action Step)[] steps =
        [
            ("site", () => _ = Gpt2.Experiment.Zero(none)),
            ("site", () => _ = Gpt2.Experiment.Collect(none, out _)),
            ("site", () => _ = Gpt2.Experiment.Apply(none, values => values)),
            ("site", () => _ = Gpt2.Experiment.Apply(none, (values, read) => read)),
            ("site", () => _ = Gpt2.Experiment.Interchange(none)),
            ("site", () => _ = one.Add(none)),
            ("site", () => _ = one.Subtract((SourcedSite<Gpt2, SecondSource>)null!)),
            ("site", () => _ = Gpt2.Experiment.Add(none, new[] { 1f })),
            ("value", () => _ = Gpt2.Experiment.Add(site, (ConstantSource)null!)),
            ("function", () => _ = Gpt2.Experiment.Apply(site, (Func<Tensor, Tensor>)null!)),
            ("function", () => _ = Gpt2.Experiment.Apply(site, (Func<Tensor, Tensor, Tensor>)null!)),
            ("intervention", () => _ = one.Apply(site, (Typed.Interventions.Intervention)null!)),
            ("place", () => _ = nowhere.ReadAt(0)),
            ("place", () => _ = nowhere.Features(0..4)),
        ];
        Assert.All(steps, step => Assert.Equal(step.Name, Assert.Throws<ArgumentNullException>(step.Step).ParamName));
    }

    [Fact]
    public void AnyExperimentIsWrittenAsTheSchemaSays() =>
        AnyExperiment.Any.Holds(experiment => JsonSchemas.Accepts("config", experiment.ToConfig().ToJson(withoutTensors: true)));

    [Fact]
    public void DescriptionsOfDifferentExperimentsDiffer()
    {
        using var rotation = new RotatedSpace(128);
        using var other = new RotatedSpace(128);
        var place = Gpt2.Layer(3).BlockOutput.At(^1);
        var linked = Gpt2.Experiment.Apply(place, rotation).Apply(place, rotation);
        InterventionConfig[] configs =
        [
            linked.ToConfig(),
            linked.InSeries().ToConfig(),
            Gpt2.Experiment.Apply(place, rotation).Apply(place, other).ToConfig(),
            Gpt2.Experiment.Apply(place, new RotatedSpace(64)).Apply(place, other).ToConfig(),
            Gpt2.Experiment.Apply(place, rotation).ToConfig(),
        ];
        Assert.Equal(configs.Length, configs.Distinct().Count());
    }

    [Fact]
    public void RefinementsInAnyOrderSayTheSame()
    {
        var values = Gpt2.Layer(3).HeadValueOutput;
        Site<Gpt2>[] places =
        [
            values.Head(1).At(^1).Features(0..8).During(Steps.Each),
            values.At(^1).Head(1).During(Steps.Each).Features(0..8),
            values.Features(0..8).During(Steps.Each).Head(1).At(^1),
            values.During(Steps.Each).At(^1).Features(0..8).Head(1),
        ];
        Assert.Single(places.Select(place => Gpt2.Experiment.Zero(place).ToConfig()).Distinct());
        Assert.Equal(new SiteSpec { Component = "head_value_output", Layer = 3 }, values.Spec);
    }

    [Fact]
    public void SourcesByNumberAreThoseByName()
    {
        var (first, second) = (Gpt2.Layer(1).BlockOutput.At(3), Gpt2.Layer(2).MlpOutput.At(^1));
        using var named = Primer.Model.Run(Gpt2.Experiment.Interchange(first).Interchange(second.From(Source.Second)), Spain, Italy, Peru);
        using var numbered = Primer.Model.Run(
            Gpt2.Experiment.WithSources(2).Interchange(first.From(Source.At(0))).Interchange(second.From(Source.At(1))), Spain, [Italy, Peru]);
        Assert.Equal(0, Primer.Difference(named.Logits, numbered.Logits));
        Assert.NotEqual(0, Primer.Difference(named.Logits, named.CleanLogits!));
    }

    [Fact]
    public void AsManySourcesAreGivenAsWereSaid()
    {
        var experiment = Gpt2.Experiment.WithSources(3)
            .Interchange(Gpt2.Layer(1).MlpOutput.At(3))
            .Interchange(Gpt2.Layer(1).MlpOutput.At(4).From(Source.At(1)))
            .Interchange(Gpt2.Layer(1).BlockOutput.At(3).From(Source.At(2)));
        var error = Assert.Throws<InterventionException>(() => Primer.Model.Run(experiment, Spain, [Italy, Peru]));
        Assert.Equal("The experiment takes 3 sources, but 2 were given; leave one out on purpose with Source.Skip.", error.Message);
#pragma warning disable PVT202 // The rule finds in the editor what this test looks for at run time.
        Assert.Contains(
            "reads 3 sources (0 to 2); begin it with more: WithSources(4)",
            Assert.Throws<ArgumentOutOfRangeException>(() => experiment.Add(Gpt2.Layer(2).MlpOutput.From(Source.At(3)))).Message,
            StringComparison.Ordinal);
#pragma warning restore PVT202
        Assert.Throws<ArgumentOutOfRangeException>(() => Gpt2.Experiment.WithSources(0));
    }

    [Fact]
    public void SourcesInSeriesHandOnWhatTheyWereGiven()
    {
        // The last step hands on the whole stream behind the last layer, so the base says what the second source says under the first step.
        var first = Gpt2.Layer(2).BlockOutput.At(3);
        var series = Gpt2.Experiment.Interchange(first).Interchange(Gpt2.Layer(5).BlockOutput.From(Source.Second)).InSeries();
        using var expected = Primer.Model.Run(Gpt2.Experiment.Interchange(first), Italy, Peru);
        using var run = Primer.Model.Run(series, Spain, Peru, Italy);
        using var parallel = Primer.Model.Run(series.InParallel(), Spain, Peru, Italy, new RunOptions { Effects = EffectCheck.Report });
        Assert.InRange(Primer.Difference(expected.Logits, run.Logits), 0, 1e-4);
        Assert.True(Primer.Difference(parallel.Logits, run.Logits) > 1e-2);
        Assert.Contains("in series", series.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherConstantIsAnotherRunOfTheSameExperiment()
    {
        var place = Gpt2.Layer(2).BlockOutput.At(^1);
        var experiment = Gpt2.Experiment.Add(place, new float[128], out var steering).Zero(Gpt2.Layer(4).MlpOutput);
        using var vector = randn(128, generator: new Generator(1));
        using var expected = Primer.Model.Run(Gpt2.Experiment.Add(place, vector).Zero(Gpt2.Layer(4).MlpOutput), Spain);
        using var run = Primer.Model.Run(experiment.With(steering, vector), Spain);
        Assert.Equal(0, Primer.Difference(expected.Logits, run.Logits));
        Assert.Equal(
            experiment.With(steering, vector).ToConfig(), experiment.With(new Dictionary<Constant<Gpt2>, ConstantSource> { [steering] = vector }).ToConfig());
    }

    [Fact]
    public void HandleOfAnotherExperimentsConstantIsRefused()
    {
        _ = Gpt2.Experiment.Add(Gpt2.Layer(2).BlockOutput.At(^1), new float[128], out var other);
        var error = Assert.Throws<ArgumentException>(() => Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput).With(other, new float[128]));
        Assert.StartsWith(
            "The handle is of a constant at block_output of layer 2, position ^1 in another experiment; this one is on gpt2: zero at mlp_output of layer 0.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void GradientsOfManyPlacesTakeOneBackwardPass()
    {
        // Attribution patching: the gradient at a place times the change there is about the effect of the change; the smaller the change, the nearer.
        var places = Enumerable.Range(0, 5).Select(layer => Gpt2.Layer(layer).BlockOutput.At(^1)).ToArray();
        var (experiment, handles) = (Gpt2.Experiment, new List<Collected<Gpt2>>());
        foreach (var place in places)
        {
            experiment = experiment.Collect(place, out var handle);
            handles.Add(handle);
        }

        using var scope = NewDisposeScope();
        using var run = Primer.Model.Run(experiment, Spain, new RunOptions { Gradients = true });
        var gradients = run.Gradients(run.Logits[0, -1, 7], handles);
        foreach (var (place, gradient) in places.Zip(gradients))
        {
            var change = gradient / gradient.norm() * 0.01;
            using var moved = Primer.Model.Run(Gpt2.Experiment.Add(place, change[0, 0]), Spain);
            var effect = (moved.Logits - moved.CleanLogits!)[0, -1, 7].item<float>();
            Assert.Equal(1, effect / (gradient * change).sum().item<float>(), 0.05);
        }
    }

    [Fact]
    public void FunctionThatReadsASourceGetsIt()
    {
        var place = Gpt2.Layer(2).BlockOutput.At(^1);
        using var expected = Primer.Model.Run(Gpt2.Experiment.Interchange(place), Spain, Italy);
        using var run = Primer.Model.Run(Gpt2.Experiment.Apply(place, (_, source) => source.clone()), Spain, Italy);
        Assert.Equal(0, Primer.Difference(expected.Logits, run.Logits));
    }

    [Fact]
    public void StepsOfARangeAreItsSteps()
    {
        Assert.Equal(Steps.At(0, 1, 2), Steps.In(0..3));
#pragma warning disable PVT202 // The rule finds in the editor what this test looks for at run time.
        Assert.Throws<ArgumentException>(() => Steps.In(^3..));
#pragma warning restore PVT202
    }

    [Fact]
    public void PartsOfAPartitionAreItsFeatures()
    {
        var parts = Partition.Of((DayOfWeek.Monday, 0..4), (DayOfWeek.Friday, 8..16));
        Assert.Equal(Features.In(8..16), parts[DayOfWeek.Friday]);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Friday], parts.Names);
        Assert.Equal(Features.In(3..6), Partition.Even(9, "a", "b", "c")["b"]);
        Assert.StartsWith(
            "No part is named Sunday; there are Monday, Friday.",
            Assert.Throws<ArgumentException>(() => parts[DayOfWeek.Sunday]).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Feature 3 lies in several parts: a, b.",
            Assert.Throws<ArgumentException>(() => Partition.Of(("a", 0..4), ("b", 3..8))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Two parts are named a.", Assert.Throws<ArgumentException>(() => Partition.Of(("a", 0..4), ("a", 4..8))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "10 features cannot be divided into 3 equal parts.",
            Assert.Throws<ArgumentException>(() => Partition.Even(10, 1, 2, 3)).Message,
            StringComparison.Ordinal);
    }
}
