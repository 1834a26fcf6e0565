using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Modules of every form that C# allows run as any other.</summary>
public sealed class ModuleFormTests
{
    [Fact]
    public void AModuleWithoutParametersRuns()
    {
        using var net = new FixedNet();
        using var plan = Experiment.On<FixedNet>().Apply(FixedNet.Components.Bend.Output, values => values + 1).Bind(net);
        using var input = tensor(new[] { 1f, 2f, 3f }).reshape(1, 3);

        using var run = plan.Run(input);

        Assert.Equal([4f, 6f, 8f], run.Output.data<float>().ToArray());
        Assert.Equal(3, run.Receipts[0].ChangedElements);
    }

    [Fact]
    public void AConstantInAModuleWithoutParametersIsWritten()
    {
        using var net = new FixedNet();
        using var plan = Experiment.On<FixedNet>().Zero(FixedNet.Components.Bend.Output.Features(0..1)).Bind(net);
        using var input = tensor(new[] { 1f, 2f, 3f }).reshape(1, 3);

        using var run = plan.Run(input);

        Assert.Equal([0f, 4f, 6f], run.Output.data<float>().ToArray());
    }

    [Fact]
    public void AModuleWithATypeParameterRuns()
    {
        using var net = new GenericNet<ReLU>(nn.ReLU());
        using var plan = Experiment.On<GenericNet<ReLU>>().Zero(GenericNet<ReLU>.Components.Activation.Output).Bind(net);
        using var input = ones(2, 4);

        using var run = plan.Run(input);

        Assert.Equal(Enumerable.Repeat(1f, 8), run.Output.data<float>().ToArray());
    }

    [Fact]
    public void AModuleThatKnowsNoModuleIsRefused()
    {
        using var net = nn.Identity();
        var error = Assert.Throws<InterventionException>(() =>
            InterventionPlan.Bind(net, Experiment.On<FixedNet>().Zero(FixedNet.Components.Bend.Output).ToConfig()));
        Assert.Contains("has no parameters and no modules; was RegisterComponents called?", error.Message, StringComparison.Ordinal);
    }
}
