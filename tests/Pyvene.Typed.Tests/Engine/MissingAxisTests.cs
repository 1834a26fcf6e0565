using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>
/// Positions and features of tensors that have no such axis are refused by name: the width of [batch, width], or the channels of an image, are no positions.
/// </summary>
public sealed class MissingAxisTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void WidthIsNotTakenForPositions()
    {
        var linear = nn.Sequential(("fc", nn.Linear(4, 4)));
        var at = new SiteSpec { ModulePath = "fc", At = Positions.Of(2) };
        Refused("positions", "the values are [2, 4], which have no axis of positions; expected [batch, position, width]", linear, at, randn(2, 4));
        Refused("positions", "no axis of positions", linear, at with { Side = HookSide.Input }, randn(2, 4));
        Refused("positions", "no axis of positions", linear, at with { At = Positions.Of(^1) }, randn(2, 4));

        using var run = Run(linear, at, randn(2, 3, 4));
        Assert.Equal([0.0, 0.0], run.Output[.., 2].sum(-1).to(float64).data<double>().ToArray());
        Assert.Equal(2 * 4, run.Receipts[0].Elements);
    }

    [Fact]
    public void ChannelsAreNotTakenForPositions()
    {
        var at = new SiteSpec { ModulePath = "conv", At = Positions.Of(1) };
        Refused("positions", "[2, 5, 6, 6] with channels behind the batch", nn.Sequential(("conv", nn.Conv2d(3, 5, 3))), at, randn(2, 3, 8, 8));
        Refused("positions", "[2, 5, 6] with channels behind the batch", nn.Sequential(("conv", nn.Conv1d(3, 5, 3))), at, randn(2, 3, 8));
        Refused("positions", "channels", nn.Sequential(("conv", nn.BatchNorm2d(3))), at, randn(2, 3, 4, 4));
        Refused("positions", "channels", nn.Sequential(("conv", nn.MaxPool2d(2))), at, randn(2, 3, 4, 4));
        Refused("positions", "[2, 3, 4, 4], which have no axis of positions", nn.Sequential(("conv", nn.ReLU())), at, randn(2, 3, 4, 4));
    }

    [Fact]
    public void ConfigurationThatSaysSoMeansDimensionOne()
    {
        var conv = nn.Sequential(("conv", nn.Conv2d(3, 5, 3)));
        using var run = Run(conv, new SiteSpec { ModulePath = "conv", Unit = PositionUnit.Position, At = Positions.Of(1) }, randn(2, 3, 8, 8));
        Assert.Equal(2 * 6 * 6, run.Receipts[0].ChangedElements);
        Assert.Equal(0, run.Output[.., 1].abs().sum().item<float>());
    }

    [Fact]
    public void ColumnsOfAnImageAreNotTakenForFeatures()
    {
        var conv = nn.Sequential(("conv", nn.Conv2d(3, 5, 3)));
        var some = new SiteSpec { ModulePath = "conv", Features = Features.Of(0, 1) };
        Refused("features", "[2, 5, 6, 6] with channels behind the batch", conv, some, randn(2, 3, 8, 8));

        var image = randn(2, 3, 8, 8);
        using var whole = Run(conv, some with { Features = null }, image);
        Assert.Equal(2 * 5 * 6 * 6, whole.Receipts[0].ChangedElements);
    }

    [Fact]
    public void HeadsInAnAxisOfTheirOwnStillHavePositions()
    {
        var heads = nn.Sequential(("scores", nn.ReLU()));
        var input = rand(2, 3, 4, 5) + 1; // [batch, head, position, width]
        using var run = Run(heads, new SiteSpec { ModulePath = "scores", HeadAxis = 1, Heads = Heads.Of(1), At = Positions.Of(2) }, input);
        Assert.Equal(2 * 5, run.Receipts[0].ChangedElements);
        Assert.Equal(0, run.Output[.., 1, 2].abs().sum().item<float>());
    }

    private static InterventionRun Run(nn.Module<Tensor, Tensor> module, SiteSpec site, Tensor input)
    {
        using var plan = InterventionPlan.Bind(
            module, new InterventionConfig { Interventions = [new InterventionSpec { Site = site, Intervention = new Zero() }] });
        return plan.Run(input);
    }

    private static void Refused(string field, string message, nn.Module<Tensor, Tensor> module, SiteSpec site, Tensor input)
    {
        var error = Assert.Throws<InterventionException>(() => Run(module, site, input).Dispose());
        Assert.Equal(field, error.Field);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
