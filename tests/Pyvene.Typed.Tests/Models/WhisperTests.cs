using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Descriptors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

public class WhisperTests
{
    [Fact]
    public void FramesAreCountedInTheEncoderAndTokensInTheDecoder()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var inputs = ShippedModels.Inputs(model, 2, 4, seed: 1);
        using var plan = Bind(model, Collect("block_output", 1, ^1), Collect("decoder.block_output", 1, ^1), Collect("decoder.cross_value_output", 0, ^2));
        using var run = plan.Run(inputs);
        using var whole = Bind(model, Collect("block_output", 1), Collect("decoder.block_output", 1), Collect("decoder.cross_value_output", 0));
        using var all = whole.Run(inputs);
        Assert.Equal([[2, 7, 16], [2, 4, 16], [2, 7, 16]], all.Collected.Select(value => value.shape));
        Assert.True(run.Collected[0].equal(all.Collected[0].narrow(1, 6, 1)).all().item<bool>());
        Assert.True(run.Collected[1].equal(all.Collected[1].narrow(1, 3, 1)).all().item<bool>());
        Assert.True(run.Collected[2].equal(all.Collected[2].narrow(1, 5, 1)).all().item<bool>());
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public void AFrameIsIntervenedOnOnceInAGeneration(bool useCache, int beams)
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var features = new ModelInputs { InputFeatures = ShippedModels.Inputs(model, 2, 4, seed: 1).InputFeatures };
        using var plan = Bind(model, new InterventionSpec
        {
            Intervention = new Zero(), Site = new SiteSpec { Component = "block_output", Layer = 1, At = Positions.Of(2), During = Steps.Prompt },
        });
        var options = new GenerationOptions { MaxNewTokens = 4, UseCache = useCache, NumBeams = beams, DecoderStartTokenId = 3 };
        using var generated = plan.Generate(features, generation: options);
        Assert.Equal(1, generated.Receipts[0].Fired);
        Assert.Equal([2, 5], generated.Output.Sequences.shape);
    }

    [Fact]
    public void ASpectrumOfAnotherLengthIsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        using var plan = Bind(model, Collect("block_output", 0));
        var refused = Assert.Throws<InterventionException>(() => plan.Run(new ModelInputs
        {
            InputFeatures = zeros(1, 6, 10), DecoderInputIds = zeros([1, 2], int64),
        }));
        Assert.Contains(
            "InputFeatures must have the shape [batch, 6, 14], but have [1, 6, 10]. Pad the spectrum, or cut it.", refused.Message, StringComparison.Ordinal);
    }

    private static PretrainedModel Create() => ShippedModels.Create("whisper", "WhisperForConditionalGeneration");

    private static InterventionSpec Collect(string component, int layer, params Index[] at) => new()
    {
        Intervention = new Collect(),
        Site = new SiteSpec { Component = component, Layer = layer, At = at.Length == 0 ? null : Positions.Of(at) },
    };

    private static InterventionPlan Bind(PretrainedModel model, params InterventionSpec[] specs) =>
        InterventionPlan.Bind(model, new InterventionConfig { Architecture = "whisper", Interventions = [.. specs] });
}
