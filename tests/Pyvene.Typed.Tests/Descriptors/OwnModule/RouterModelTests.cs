using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Descriptors.OwnModule;

/// <summary>Where a module has batch and position in one axis, every run of a shared batch finds its own tokens.</summary>
public sealed class RouterModelTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASourceIsReadAndWrittenAtItsOwnTokens(bool sharesWork)
    {
        using var scope = NewDisposeScope();
        using var model = new RouterModel();
        var (@base, source) = (randn(3, 5, 4), randn(3, 5, 4));
        using var plan = InterventionPlan.Bind(model, Routed.Experiment.Interchange(Routed.RouterOutput.At(^1)).ToConfig());
        var options = new RunOptions { WithClean = true, SharesWork = sharesWork };
        using var run = plan.Run(new ModelInputs { InputsEmbeds = @base }, [new ModelInputs { InputsEmbeds = source }], options);
        var expected = run.CleanOutput!.clone();
        expected[TensorIndex.Colon, 4] = model.call(new ModelInputs { InputsEmbeds = source }).LastHiddenState![TensorIndex.Colon, 4];
        Assert.True(run.Output.allclose(expected));
    }
}
