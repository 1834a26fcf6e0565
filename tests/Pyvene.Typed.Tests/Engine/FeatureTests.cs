using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>Features that differ from example to example, also in their number, and the constants that are read at them.</summary>
public sealed class FeatureTests
{
    private const int Width = 128;
    private static readonly int[][] Ragged = [[5, 1, 9], [2], [5, 7]];
    private static readonly RunOptions Report = new() { Effects = EffectCheck.Report };

    public static TheoryData<string> Writers => ["interchange", "addition", "subtraction", "zero", "mean"];

    [Theory]
    [MemberData(nameof(Writers))]
    public void ExamplesWithDifferentNumbersOfFeaturesAreWhatEachIsByItself(string writer)
    {
        using var scope = NewDisposeScope();
        var (@base, source) = (Primer.Inputs(3, 5, 1), Primer.Inputs(3, 5, 2));
        using var together = Run(writer, Features.PerExample(Ragged), @base, source);
        var elements = 0L;
        foreach (var (example, features) in Ragged.Index())
        {
            using var alone = Run(writer, Features.Of(features), Row(@base, example), Row(source, example));
            Assert.True(Primer.Difference(alone.Logits[0], together.Logits[example]) < 1e-4, $"example {example}");
            elements += alone.Receipts[0].Elements;
        }

        Assert.Equal(elements, together.Receipts[0].Elements);
        Assert.Equal(1, together.Receipts[0].Fired);
    }

    [Fact]
    public void GradientOfAFeatureCountsItOnce()
    {
        using var scope = NewDisposeScope();
        using var tracked = set_grad_enabled(true);
        var gradients = new[] { Ragged, [[5], [2], [5]] }.Select(rows =>
        {
            using var generator = new Generator(3, CPU);
            var source = randn([3, 5, Width], generator: generator).requires_grad_();
            using var run = Run("interchange", Features.PerExample(rows), Primer.Inputs(3, 5, 1), new ModelInputs { InputsEmbeds = source }, new RunOptions
            {
                Effects = EffectCheck.Report,
                Gradients = true,
            });
            run.Logits[1].sum().backward();
            return source.grad![1];
        }).ToArray();
        Assert.True(Primer.Difference(gradients[0], gradients[1]) < 1e-4 * gradients[1].abs().max().item<float>());
    }

    [Fact]
    public void WhatIsCollectedNeedsTheSameNumberOfFeatures()
    {
        var refused = Assert.Throws<InterventionException>(() => InterventionPlan.Bind(Primer.Module, Config(new Collect(), Features.PerExample(Ragged))));
        Assert.Equal("features", refused.Field);
        Assert.Contains("they have 3, 1, 2", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FeaturesAreTakenOutOfAConstantOfTheWholeWidth(bool isPerExample)
    {
        using var scope = NewDisposeScope();
        var @base = Primer.Inputs(3, 5, 1);
        var whole = new ConstantSource([Width], [.. Enumerable.Range(0, Width).Select(feature => feature / 10f)]);
        var chosen = isPerExample ? Features.PerExample(Ragged) : Features.Of(Ragged[0]);
        using var run = Run(Config(new Interchange(), chosen, whole), @base, null, Report);
        foreach (var (example, features) in (isPerExample ? Ragged : [Ragged[0], Ragged[0], Ragged[0]]).Index())
        {
            var narrow = new ConstantSource([features.Length], [.. features.Select(feature => feature / 10f)]);
            using var alone = Run(Config(new Interchange(), Features.Of(features), narrow), Row(@base, example), null, Report);
            Assert.True(Primer.Difference(alone.Logits[0], run.Logits[example]) < 1e-4);
        }
    }

    [Fact]
    public void RangeThatFitsNoMemoryIsRefusedWhenAFileAsksForIt()
    {
        var json = Config(new Zero(), Features.In(0..8)).ToJson();
        Assert.Contains("\"0..8\"", json, StringComparison.Ordinal);
        Assert.Contains(
            "no axis has more",
            Assert.Throws<InterventionException>(() => InterventionConfig.FromJson(json.Replace("0..8", "0..2147483647", StringComparison.Ordinal))).Message,
            StringComparison.Ordinal);
        var call = """{"config": [{"layer": 1, "component": "block_output", "subspace_partition": [[0, 2147483647]]}]}""";
        Assert.Contains("no longer than", Assert.Throws<InterventionException>(() => PyveneExperiment.FromJson(call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DifferentNumbersOfFeaturesSurviveJson()
    {
        var config = Config(new Zero(), Features.PerExample(Ragged));
        Assert.Equal(config.Interventions[0].Site, InterventionConfig.FromJson(config.ToJson()).Interventions[0].Site);
    }

    private static InterventionRun Run(string writer, Features features, ModelInputs @base, ModelInputs source, RunOptions? options = null)
    {
        Intervention intervention = writer switch
        {
            "interchange" => new Interchange(),
            "addition" => new Addition(),
            "subtraction" => new Subtraction(),
            "zero" => new Zero(),
            _ => new CustomIntervention((values, _, _) => values.mean([-1L], keepdim: true).expand(values.shape)),
        };
        return Run(Config(intervention, features), @base, intervention.Source is SourceNeed.None ? null : source, options ?? Report);
    }

    private static InterventionRun Run(InterventionConfig config, ModelInputs @base, ModelInputs? source, RunOptions options)
    {
        using var plan = InterventionPlan.Bind(Primer.Module, config);
        return plan.Run(@base, source is null ? [] : [source], options);
    }

    private static InterventionConfig Config(Intervention intervention, Features features, ConstantSource? constant = null) => new()
    {
        Architecture = "gpt2",
        Sources = intervention.Source is SourceNeed.None || constant is not null ? 0 : 1,
        Interventions = [new InterventionSpec
        {
            Intervention = intervention,
            Constant = constant,
            Site = new SiteSpec { Component = "block_output", Layer = 2, At = Positions.Of(1, 3), Features = features },
        }],
    };

    private static ModelInputs Row(ModelInputs inputs, int example) => new() { InputIds = inputs.InputIds!.narrow(0, example, 1) };
}
