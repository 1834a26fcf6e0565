using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Units that a module's own tensor has in an axis, pyvene's nested units such as <c>sense.pos</c>.</summary>
public sealed class HeadAxisTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SenseNet _net = new();

    public void Dispose()
    {
        _net.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void SenseAtAPositionIsSwappedAndNothingElse()
    {
        var (@base, source) = (randn(2, 5, 4), randn(2, 5, 4));
        using var plan = Experiment.On<SenseNet>()
            .Collect(SenseNet.Components.Senses.Output, out var before)
            .Interchange(SenseNet.Components.Senses.Output.Head(1).At(2))
            .Collect(SenseNet.Components.Senses.Output, out var after)
            .Bind(_net);

        using var run = plan.Run(@base, source);

        using var sourced = Experiment.On<SenseNet>().Collect(SenseNet.Components.Senses.Output, out var other).Bind(_net);
        using var sourceRun = sourced.Run(source);
        var expected = run[before].clone();
        expected[.., 1, 2] = sourceRun[other][.., 1, 2];
        Assert.Equal([2, 3, 5, 4], run[after].shape);
        Assert.True(expected.equal(run[after]).all().item<bool>());
        Assert.True(allclose(expected.sum(1), run.Output));
    }

    [Fact]
    public void HeadsBehindPositionsAreTheSameUnitsAsHeadsBeforeThem()
    {
        var input = randn(2, 5, 4);
        using var first = Experiment.On<SenseNet>()
            .Collect(SenseNet.Components.Split.Output.Head(2).At(1, 3), out var behind)
            .Zero(SenseNet.Components.Split.Output.Head(2).At(1, 3))
            .Bind(_net);
        using var second = Experiment.On<SenseNet>()
            .Collect(SenseNet.Components.Senses.Output.Head(2).At(1, 3), out var before)
            .Zero(SenseNet.Components.Senses.Output.Head(2).At(1, 3))
            .Bind(_net);

        using var left = first.Run(input);
        using var right = second.Run(input);

        Assert.Equal([2, 1, 2, 4], left[behind].shape);
        Assert.True(left[behind].equal(right[before]).all().item<bool>());
        Assert.True(allclose(left.Output, right.Output));
        Assert.False(allclose(left.Output, left.CleanOutput!));
    }

    [Fact]
    public void AxisIsInTheConfigurationAndComesBack()
    {
        var config = Experiment.On<SenseNet>().Zero(SenseNet.Components.Split.Output.Head(2)).Zero(SenseNet.Components.Senses.Output.Head(2).At(^1)).ToConfig();

        Assert.Equal([2, 1], config.Interventions.Select(spec => spec.Site.HeadAxis));
        Assert.Contains("\"head_axis\": 1", config.ToJson(), StringComparison.Ordinal);
        Assert.Equal(config, InterventionConfig.FromJson(config.ToJson()));
    }

    [Fact]
    public void HeadThatTheTensorLacksIsNamedWithTheShape()
    {
        using var plan = Experiment.On<SenseNet>().Zero(SenseNet.Components.Senses.Output.Head(3)).Bind(_net);
        var error = Assert.Throws<InterventionException>(() => plan.Run(randn(2, 5, 4)));
        Assert.Equal("heads", error.Field);
        Assert.Contains("3 is out of range; there are 3 heads (0 to 2) in [2, 3, 5, 4]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"head_axis\": 3, \"heads\": [0]", "head_axis", "cannot be in axis 3")]
    [InlineData("\"head_axis\": 1, \"head_count\": 2", "head_axis", "Leave one of them out")]
    [InlineData("\"head_axis\": 1, \"unit\": \"step\"", "head_axis", "one value a time step, which has no heads")]
    [InlineData("\"head_count\": 0", "head_count", "at least 1 is needed")]
    [InlineData("\"heads\": [0]", "heads", "head_count or head_axis says where they are")]
    public void WrongAxisIsRefusedAtBind(string fields, string field, string message)
    {
        var error = Assert.Throws<InterventionException>(() => Plan("sum", fields));
        Assert.Equal(field, error.Field);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("senses", "\"head_count\": 2", "[2, 3, 5, 4], which cannot be split into 2 heads")]
    [InlineData("fc", "\"head_count\": 5", "[2, 5, 12], which cannot be split into 5 heads")]
    public void TensorThatHasOtherAxesIsRefusedWhenItIsSeen(string module, string fields, string message)
    {
        using var plan = Plan(module, fields);
        Assert.Contains(message, Assert.Throws<InterventionException>(() => plan.Run(randn(2, 5, 4), [], new RunOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ComponentHasItsHeadsFromItsDescriptor()
    {
        var config = InterventionConfig.FromJson(
            """{ "version": 1, "architecture": "gpt2", "interventions": [{ "type": "zero", "component": "mlp_output", "layer": 0, "head_axis": 1 }] }""");
        Assert.Contains(
            "head_axis is for a module path",
            Assert.Throws<InterventionException>(() => InterventionPlan.Bind(Primer.Model.Module, config)).Message,
            StringComparison.Ordinal);
    }

    private InterventionPlan Plan(string module, string fields) => InterventionPlan.Bind(
        _net,
        InterventionConfig.FromJson($$"""{ "version": 1, "interventions": [{ "type": "zero", "module": "{{module}}", {{fields}} }] }"""));
}
