using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>ViT: patches as positions, pictures of other sizes, and inputs that it would not read.</summary>
public sealed class ViTTests : IDisposable
{
    private const string Tiny =
        """
        {
          "model_type": "vit", "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24, "image_size": 16, "patch_size": 8,
          "num_labels": 3, "initializer_range": 0.4
        }
        """;

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void TheClassTokenIsPatchZeroAndThePatchesFollow()
    {
        using var model = Create("ViTForImageClassification");
        var (picture, other) = (Pictures(2, 16, 16), Pictures(2, 16, 16));
        var clean = model.call(picture).Logits!;

        // the classifier reads the class token behind the last block, and nothing else
        using var first = Vit.Experiment.Interchange(Vit.Layer(1).BlockOutput.At(0)).Bind(model);
        using var swapped = first.Run(picture, other);
        Assert.True(swapped.Output.allclose(model.call(other).Logits!, rtol: 1e-5, atol: 1e-6));

        using var rest = Vit.Experiment.Zero(Vit.Layer(1).BlockOutput.At(1..5)).Bind(model);
        using var kept = rest.Run(picture, new RunOptions { Effects = EffectCheck.Report });
        Assert.True(kept.Output.allclose(clean, rtol: 1e-5, atol: 1e-6));
        Assert.Equal(2 * 4 * 16, kept.Receipts[0].ChangedElements);
    }

    [Fact]
    public void APatchBehindTheLastIsRefusedByTheNumberOfPatches()
    {
        using var model = Create("ViTModel");
        using var plan = Vit.Experiment.Zero(Vit.Layer(0).BlockOutput.At(5)).Bind(model);

        var error = Assert.Throws<InterventionException>(() => plan.Run(Pictures(1, 16, 16)));
        Assert.Contains("position 5 is outside of example 0 of the base, which has 5 positions (0 to 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APictureOfAnotherSizeTakesStretchedPositionsAndIsRefusedWithoutTheFlag()
    {
        using var model = Create("ViTModel");
        var wide = Pictures(1, 16, 40);
        Assert.Contains("set InterpolatesPositions", Assert.Throws<ArgumentException>(() => model.call(wide)).Message, StringComparison.Ordinal);

        Assert.Equal([1, 11, 16], model.call(wide with { InterpolatesPositions = true }).LastHiddenState!.shape); // a class token and 2 × 5 patches

        // a square of the same size keeps the table
        var square = Pictures(1, 16, 16);
        Assert.True(model.call(square).LastHiddenState!.equal(model.call(square with { InterpolatesPositions = true }).LastHiddenState!).all().item<bool>());
    }

    [Fact]
    public void RunsOfStretchedPicturesShareABatchAndGiveWhatEachGivesAlone()
    {
        using var model = Create("ViTForImageClassification");
        var (picture, other) = (Pictures(1, 24, 16) with { InterpolatesPositions = true }, Pictures(1, 24, 16) with { InterpolatesPositions = true });
        using var plan = Vit.Experiment.Interchange(Vit.Layer(0).MlpOutput.At(6)).Bind(model);
        using var shared = plan.Run(picture, other);
        using var naive = plan.Run(picture, other, new RunOptions { SharesWork = false });

        Assert.True(shared.Output.allclose(naive.Output, rtol: 1e-5, atol: 1e-6));
        Assert.False(shared.Output.allclose(model.call(picture).Logits!, rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void WhatWouldNotBeReadIsRefusedByName()
    {
        using var model = Create("ViTModel");
        var inputs = Pictures(1, 16, 16) with { CrossAttentionHeadMask = ones(4) };

        Assert.Contains("takes no CrossAttentionHeadMask", Assert.Throws<ArgumentException>(() => model.call(inputs)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APatchLargerThanThePictureIsRefused() => Assert.Contains(
        "'patch_size' must be at most 'image_size'",
        Assert.Throws<CheckpointException>(() => Vit.Create(imageSize: 8, patchSize: 16)).Message,
        StringComparison.Ordinal);

    private static PretrainedModel Create(string className) => ModelLoader.Create(ModelConfig.Parse(Tiny, "tiny"), className, seed: 5);

    private static ModelInputs Pictures(int count, int height, int width) => new() { PixelValues = randn([count, 3, height, width]) };
}
