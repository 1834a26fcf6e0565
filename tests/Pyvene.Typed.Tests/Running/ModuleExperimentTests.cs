using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Experiments on a class of the user's own, whose components the generator reads off its fields.</summary>
public sealed class ModuleExperimentTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ToyNet _net = new();

    public void Dispose()
    {
        _net.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void ExperimentBecomesAConfigurationWithModulePaths()
    {
        var config = Experiment.On<ToyNet>()
            .Interchange(ToyNet.Components.Blocks[1].Mix.Output.At(^1))
            .Zero(ToyNet.Components.Blocks[0].Value.Output.Head(1))
            .Collect(ToyNet.Components.Head.Input, out _)
            .ToConfig();

        Assert.Null(config.Architecture);
        Assert.Equal(["blocks[1].mix", "blocks[0]._value", "lm_head"], config.Interventions.Select(spec => spec.Site.ModulePath));
        Assert.Equal(2, config.Interventions[1].Site.HeadCount);
        Assert.Equal(config, InterventionConfig.FromJson(config.ToJson()));
    }

    [Fact]
    public void SwapOfABlockGivesTheRestOfTheSource()
    {
        var (@base, source) = (randn(2, 5, 4), randn(2, 5, 4));
        var experiment = Experiment.On<ToyNet>().Interchange(ToyNet.Components.Blocks[0].Output).Collect(ToyNet.Components.Blocks[0].Output, out var handle);
        using var plan = experiment.Bind(_net);

        using var run = plan.Run(@base, source);

        Assert.True(allclose(_net.call(source), run.Output));
        Assert.True(allclose(_net.call(@base), run.CleanOutput!));
        Assert.Equal([2, 5, 4], run[handle].shape);
        Assert.True(run.Receipts[0].Fired > 0);
    }

    [Fact]
    public void GradientOfWhatIsCollectedGoesThroughTheRestOfTheModule()
    {
        var input = randn(2, 5, 4);
        var experiment = Experiment.On<ToyNet>().Collect(ToyNet.Components.Head.Input.At(1, 3), out var handle);
        using var plan = experiment.Bind(_net);
        using var run = plan.Run(input, new RunOptions { Gradients = true });
        var gradient = run.Gradient(run.Output[.., 3, 0].sum(), handle);
        Assert.Equal([2, 2, 4], gradient.shape);
        Assert.Equal(0, gradient.select(1, 0).abs().max().item<float>());
        Assert.True(allclose(_net.get_parameter("lm_head.weight")![0].expand(2, 4), gradient.select(1, 1)));
    }

    [Fact]
    public void HeadIsAPartOfTheLastAxis()
    {
        var input = randn(2, 5, 4);
        var experiment = Experiment.On<ToyNet>()
            .Collect(ToyNet.Components.Blocks[0].Value.Output, out var all)
            .Zero(ToyNet.Components.Blocks[0].Value.Output.Head(1))
            .Collect(ToyNet.Components.Blocks[0].Value.Output, out var after);
        using var plan = experiment.Bind(_net);

        using var run = plan.Run(input);

        Assert.Equal([2, 2, 5, 2], run[all].shape);
        Assert.True(run[all][.., 0].equal(run[after][.., 0]).all().item<bool>());
        Assert.Equal(0, run[after][.., 1].abs().max().item<float>());
    }

    [Fact]
    public void HeadThatDoesNotExistIsRefusedAtBind()
    {
        var error = Assert.Throws<InterventionException>(() => Experiment.On<ToyNet>().Zero(ToyNet.Components.Blocks[0].Value.Output.Head(2)).Bind(_net));
        Assert.Equal("heads", error.Field);
        Assert.Contains("2 heads (0 to 1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ModuleThatDoesNotExistIsRefusedAtBind() =>
        Assert.Contains(
            "blocks[7]",
            Assert.Throws<InterventionException>(() => Experiment.On<ToyNet>().Zero(ToyNet.Components.Blocks[7].Output).Bind(_net)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void HandleOfAnotherExperimentIsRefusedWithBothNamed()
    {
        _ = Experiment.On<ToyNet>().Collect(ToyNet.Components.Head.Output, out var other);
        using var plan = Experiment.On<ToyNet>().Collect(ToyNet.Components.Head.Input, out _).Bind(_net);
        using var run = plan.Run(randn(1, 2, 4));
#pragma warning disable PVT206 // The rule finds in the editor what this test looks for at run time.
        Assert.Contains("lm_head", Assert.Throws<InterventionException>(() => run[other]).Message, StringComparison.Ordinal);
#pragma warning restore PVT206
    }
}
