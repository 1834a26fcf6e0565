using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions.Trainable;

/// <summary>Interventions that learn in configurations and in plans.</summary>
public sealed class LearnedTests
{
    private const int Width = 128;

    [Fact]
    public void PositionsAreConcatenatedUnlessEachIsTreatedByItself()
    {
        using var scope = NewDisposeScope();
        var (@base, source) = (randn(2, 3, 4), randn(2, 3, 4));
        using var all = new LowRankRotatedSpace(12, 2);
        using var each = new LowRankRotatedSpace(4, 2) { IsPerUnit = true };
        Assert.True(Distance(all.Apply(@base.flatten(1), source.flatten(1), null).view(2, 3, 4), new Learned(all).Apply(@base, source, null)) == 0);
        Assert.True(Distance(each.Apply(@base, source, null), new Learned(each).Apply(@base, source, null)) == 0);
    }

    [Fact]
    public void HeadsAreConcatenatedAtEveryPosition()
    {
        using var scope = NewDisposeScope();
        var (@base, source) = (randn(2, 3, 5, 4), randn(2, 3, 5, 4));
        using var module = new RotatedSpace(12);
        var got = new Learned(module).Apply(@base, source, tensor(new long[] { 0, 1 }, [1, 2]));
        var expected = module.Apply(@base.transpose(1, 2).flatten(2), source.transpose(1, 2).flatten(2), tensor(new long[] { 0, 1 }, [1, 2]));
        Assert.True(Distance(expected.view(2, 5, 3, 4).transpose(1, 2), got) == 0);
    }

    [Fact]
    public void ValuesOfAnotherDeviceAreRefusedBeforeANativeErrorEndsTheProcess()
    {
        using var scope = NewDisposeScope();
        using var module = new RotatedSpace(4);
        var refused = Assert.Throws<InterventionException>(() => module.Apply(randn(2, 4), randn([2, 4], device: META), null));
        Assert.Equal("device", refused.Field);
    }

    [Fact]
    public void LinkedInterventionsShareTheirModuleAlsoThroughJson()
    {
        using var rotated = new RotatedSpace(4) { Dimensions = [0, 2] };
        using var mask = new SigmoidMask(4);
        var json = Config(rotated, rotated, mask).ToJson(withoutTensors: true);
        var read = InterventionConfig.FromJson(json);
        var modules = read.Interventions.Select(spec => ((Learned)spec.Intervention).Module).ToArray();
        Assert.Same(modules[0], modules[1]);
        Assert.Equal<int>([0, 2], [.. modules[0].Dimensions!.Value]);
        Assert.True(modules[2].IsPerUnit);
        Assert.Equal(json, read.ToJson(withoutTensors: true));
    }

    [Theory]
    [Trait("Failure", "SF31 at bind: the rank of a trained intervention is larger than the width")]
    [InlineData("""{"type": "low_rank_rotated_space", "parameters": {"width": 4, "rank": 5}, "module": "m"}""", "columns")]
    [InlineData("""{"type": "rotated_space", "parameters": {"width": 2000000}, "module": "m"}""", "width")]
    [InlineData("""{"type": "rotated_space", "parameters": {"width": 4, "dimensions": [4]}, "module": "m"}""", "Dimension 4 is out of range")]
    [InlineData("""{"type": "boundless_rotated_space", "parameters": {"width": 4, "dimensions": [1]}, "module": "m"}""", "no such parameter")]
    [InlineData("""{"type": "zero", "link": 1, "module": "m"}""", "holds no tensors")]
    public void WrongParametersAreRefusedWhenTheyAreRead(string intervention, string message)
    {
        var error = Assert.Throws<InterventionException>(() =>
            InterventionConfig.FromJson($$"""{"version": 1, "sources": 1, "interventions": [{{intervention}}]}"""));
        Assert.Contains(message, error.Message);
        Assert.StartsWith("interventions[0]", error.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotFitThePlaceIsRefusedBeforeAnythingRuns()
    {
        using var scope = NewDisposeScope();
        using var narrow = new RotatedSpace(Width - 1);
        using var fits = new LowRankRotatedSpace(Width, 2);
        using var mask = new SigmoidMask(Width);
        Assert.Equal("width", Assert.Throws<InterventionException>(() => InterventionPlan.Bind(Primer.Module, Config(narrow))).Field);
        Assert.Equal(
            "features", Assert.Throws<InterventionException>(() => InterventionPlan.Bind(Primer.Module, At(fits, Positions.Of(1), Features.Of(2)))).Field);
        Assert.Equal(
            "features", Assert.Throws<InterventionException>(() => InterventionPlan.Bind(Primer.Module, At(mask, Positions.Of(1), Features.Of(2)))).Field);
        using var plan = InterventionPlan.Bind(Primer.Module, At(fits, Positions.Of(1, 2), null));
        Assert.Equal("units", Assert.Throws<InterventionException>(() => plan.Run(Primer.Inputs(1, 5, 1), [Primer.Inputs(1, 5, 2)])).Field);
    }

    [Fact]
    public void AFullRotationInAPlanIsTheInterchangeAndItsParametersGetGradients()
    {
        using var scope = NewDisposeScope();
        using var full = new RotatedSpace(Width);
        using var part = new LowRankRotatedSpace(Width, 3);
        var (@base, source) = (Primer.Inputs(2, 6, 1), Primer.Inputs(2, 6, 2));
        using var expected = Run(new Interchange(), null, new RunOptions());
        using var whole = Run(full, null, new RunOptions());
        Assert.True(Primer.Difference(expected.Logits, whole.Logits) < 1e-2 * expected.Logits.abs().max().item<float>());
        using var learning = Run(part, Features.Of(0, 2), new RunOptions { Gradients = true });
        learning.Logits.square().mean().backward();
        Assert.All(part.ParametersByFileName(), item => Assert.True(item.Parameter.grad!.abs().max().Real() > 0, item.Name));

        InterventionRun Run(Intervention intervention, Features? features, RunOptions options)
        {
            using var plan = InterventionPlan.Bind(Primer.Module, At(intervention, Positions.Of(2), features));
            return plan.Run(@base, [source], options);
        }
    }

    private static InterventionConfig At(Intervention intervention, Positions at, Features? features) => new()
    {
        Architecture = "gpt2",
        Sources = 1,
        Interventions = [new InterventionSpec
        {
            Intervention = intervention,
            Site = new SiteSpec { Component = "block_output", Layer = 2, At = at, Features = features },
        }],
    };

    private static InterventionConfig Config(params InterventionModule[] modules) => new()
    {
        Architecture = "gpt2",
        Sources = 1,
        Interventions = [.. modules.Select(module =>
            new InterventionSpec { Intervention = module, Site = new SiteSpec { Component = "block_output", Layer = 2, At = Positions.Of(1) } })],
    };

    private static double Distance(Tensor first, Tensor second) => (first - second).abs().max().Real();
}
