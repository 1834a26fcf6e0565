using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Configuration;

/// <summary>Constants that differ from run to run, in every form that pyvene takes and as a function.</summary>
public sealed class ConstantsOfARunTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor vector = randn(128, generator: new Generator(1));

    private static InterventionConfig Config => new()
    {
        Architecture = "gpt2",
        Sources = 1,
        Interventions =
        [
            new InterventionSpec { Name = "steer", Intervention = new Addition(), Site = Site(1), Constant = new float[128] },
            new InterventionSpec { Name = "swap", Intervention = new Interchange(), Site = Site(3) },
            new InterventionSpec { Name = "drop", Intervention = new Zero(), Site = Site(4) },
        ],
    };

    public void Dispose() => scope.Dispose();

    [Fact]
    public void EveryFormSetsTheSameConstant()
    {
        ConstantSource value = vector;
        var expected = Config with { Interventions = [Config.Interventions[0] with { Constant = value }, .. Config.Interventions[1..]] };
        Assert.Equal(expected, Config.WithConstants([value, null, null]));
        Assert.Equal(expected, Config.WithConstants(new Dictionary<string, ConstantSource> { ["steer"] = value }));
        Assert.Equal(expected, Config.WithConstants(spec => spec.Name == "steer" ? value : null));
    }

    [Fact]
    public void OneTensorStandsInForEverySource()
    {
        var all = Config.WithConstants(vector);
        Assert.Equal([true, true, false], all.Interventions.Select(spec => spec.Constant == (ConstantSource)vector));
        using var plan = InterventionPlan.Bind(Primer.Module, all with { Sources = 0 });
        using var run = plan.Run(Primer.Inputs(1, 5, 1));
        Assert.All(run.Receipts, receipt => Assert.True(receipt.LargestChange > 0));
    }

    [Fact]
    public void ConstantThatHasNoUseIsRefused()
    {
        Assert.Contains(
            "2 constants for 3 interventions", Assert.Throws<ArgumentException>(() => Config.WithConstants([vector, null])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "'stear'; there are steer, swap, drop",
            Assert.Throws<ArgumentException>(() => Config.WithConstants(new Dictionary<string, ConstantSource> { ["stear"] = vector })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "intervention 2 (zero at mlp_output of layer 4",
            Assert.Throws<ArgumentException>(() => Config.WithConstants(_ => vector)).Message,
            StringComparison.Ordinal);
    }

    private static SiteSpec Site(int layer) => new() { Component = "mlp_output", Layer = layer, At = Positions.Of(2) };
}
