using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions.Trainable;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions.Trainable;

/// <summary>What a module computes inside is collected: coordinates in its own space, and gates.</summary>
public sealed class CollectInsideTests : IDisposable
{
    private static readonly Site<Gpt2> Place = Gpt2.Layer(2).BlockOutput.At(^1);

    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string> Spaces => ["rotated", "low_rank", "boundless", "sigmoid_mask_rotated", "pca", "autoencoder", "jump_relu"];

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(Spaces))]
    public void CoordinatesAreTheOnesComputedByHand(string type)
    {
        using var module = Modules.Of(type);
        var values = randn(2, 3, 6, dtype: float64);
        var each = new Learned(module) { Collects = Inside.Space };
        var collected = each.ComputeInside(module.IsPerUnit ? values : values.view(2, 3, 1, 6).flatten(0, 1), null).view(2, 3, -1);
        Assert.InRange(Primer.Difference(ByHand(module, values), collected), 0, 1e-12);
    }

    [Fact]
    public void GatesAreTheOnesComputedByHand()
    {
        using var quiet = no_grad();
        foreach (var type in new[] { "sigmoid_mask", "sigmoid_mask_rotated", "boundless" })
        {
            using var module = Modules.Of(type);
            var state = module.CopyState();
            var one = arange(6, dtype: float64);
            var expected = type switch
            {
                "sigmoid_mask" => sigmoid(state["mask"] / state["temperature"]),
                "sigmoid_mask_rotated" => sigmoid(state["masks"] / state["temperature"]),
                _ => sigmoid(one / state["temperature"])
                    * sigmoid(((state["intervention_boundaries"].clamp(1e-3, 1) * 6) - one) / state["temperature"]),
            };
            var collected = new Learned(module) { Collects = Inside.Gate }.ComputeInside(randn(2, 1, 6, dtype: float64), null);
            Assert.Equal([2, 1, 6], collected.shape);
            Assert.InRange(Primer.Difference(expected.expand(2, 1, 6), collected), 0, 1e-12);
        }
    }

    [Theory]
    [InlineData("rotated", true)]
    [InlineData("rotated", false)]
    [InlineData("low rank", true)]
    [InlineData("low rank", false)]
    [InlineData("pca", true)]
    [InlineData("pca", false)]
    public void BehindAnInterchangeAreTheCoordinatesOfTheSource(string type, bool sharesWork)
    {
        using InterventionModule module = type switch
        {
            "rotated" => new RotatedSpace(128),
            "low rank" => new LowRankRotatedSpace(128, 4),
            _ => new PcaRotatedSpace(128, 5),
        };
        const string Base = "Mary smiled because", Source = "Tom went to the house because";
        var plain = Gpt2.Experiment.Collect(Place, out var values);
        var (start, first) = Begun(plain, module);
        var (experiment, behind) = Begun(start.Apply(Place, (Pyvene.Typed.Interventions.Intervention)module), module);
        using var plan = InterventionPlan.Bind(Primer.Model.Module, experiment.ToConfig());
        var (@base, source) = (Primer.Model.Prompts.Encode(Base, "base"), Primer.Model.Prompts.Encode(Source, "source"));
        using var run = plan.Run(@base, [source], new RunOptions { WithClean = true, SharesWork = sharesWork });
        using var other = Primer.Model.Run(start, Source);
        Assert.InRange(Primer.Difference(Coordinates(module, run.Collected[0]), run.Collected[1]), 0, 1e-4);
        Assert.InRange(Primer.Difference(Coordinates(module, other[values]), run.Collected[2]), 0, 1e-3);
        Assert.InRange(Primer.Difference(other[first], run.Collected[2]), 0, 1e-3);
        Assert.True(Primer.Difference(run.Collected[1], run.Collected[2]) > 0.1);
        Assert.Equal([1, 1, module.SpaceWidth!.Value], run.Collected[1].shape);
        Assert.NotNull(behind);
    }

    [Fact]
    public void CollectingChangesNothing()
    {
        using var sae = new JumpReluAutoencoder(128, 300);
        using var mask = new SigmoidMask(128);
        var experiment = Gpt2.Experiment.CollectInside(Place, sae, out var latents).CollectGate(Place, mask, out var gate);
        using var plain = Primer.Model.Run(Gpt2.Experiment.Collect(Place, out _), "Mary smiled because");
        using var run = Primer.Model.Run(experiment, "Mary smiled because");
        Assert.Equal(0, Primer.Difference(plain.Logits, run.Logits));
        Assert.Equal([1, 1, 300], run[latents].shape);
        Assert.Equal([1, 1, 128], run[gate].shape);
        Assert.Equal(0.5f, run[gate].mean().item<float>());
    }

    [Fact]
    public void ConcatenatedPositionsGiveOneVectorAndOthersOneEach()
    {
        using var joined = new RotatedSpace(256);
        using var single = new RotatedSpace(128) { IsPerUnit = true };
        var place = Gpt2.Layer(1).MlpOutput.At(0, 2);
        var experiment = Gpt2.Experiment.Collect(place, out var values).CollectInside(place, joined, out var one).CollectInside(place, single, out var each);
        using var run = Primer.Model.Run(experiment, Prompt.Of("Mary smiled because", "Tom was very happy"));
        Assert.Equal([2, 1, 256], run[one].shape);
        Assert.Equal([2, 2, 128], run[each].shape);
        Assert.InRange(Primer.Difference(run[values].flatten(1).matmul(joined.ComputeRotation()), run[one][.., 0]), 0, 1e-4);
        Assert.InRange(Primer.Difference(run[values].matmul(single.ComputeRotation()), run[each]), 0, 1e-4);

        using var wrong = new RotatedSpace(384);
        Assert.Contains(
            "2 positions of 128 are concatenated",
            Assert.Throws<InterventionException>(() => Primer.Model.Run(Gpt2.Experiment.CollectInside(place, wrong, out _), "Mary smiled because")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void FeaturesOfThePlaceChooseCoordinates()
    {
        using var sae = new Autoencoder(128, 12);
        var experiment = Gpt2.Experiment
            .CollectInside(Place, sae, out var all)
            .CollectInside(Gpt2.Layer(2).BlockOutput.At(^1).Features(Features.Of(7, 3)), sae, out var some);
        using var run = Primer.Model.Run(experiment, Prompt.Of("Mary smiled because", "Tom was very happy"));
        Assert.Equal(0, Primer.Difference(run[all].index_select(-1, tensor(new[] { 7L, 3 })), run[some]));
    }

    [Fact]
    public void EveryPassOfAGenerationIsCollected()
    {
        using var sae = new JumpReluAutoencoder(128, 40);
        var place = Gpt2.Layer(2).BlockOutput.During(Steps.Prompt.And(Steps.Each));
        var experiment = Gpt2.Experiment.Collect(place, out var values).CollectInside(place, sae, out var latents);
        using var text = Primer.Model.Generate(experiment, "Mary smiled because", new GenerationOptions { MaxNewTokens = 4, EosTokenIds = [] });
        Assert.Equal(text[values].Count, text[latents].Count);
        Assert.All(text[values].Zip(text[latents]), pair => Assert.InRange(Primer.Difference(sae.ToSpace(pair.First), pair.Second), 0, 1e-5));
    }

    [Fact]
    public void GradientsFlowToTheModuleAndToWhatIsCollected()
    {
        using var sae = new Autoencoder(128, 12);
        var experiment = Gpt2.Experiment.CollectInside(Place, sae, out var latents);
        using var run = Primer.Model.Run(experiment, "Mary smiled because", new RunOptions { Gradients = true });
        var score = run[latents].pow(2).sum();
        Assert.InRange(Primer.Difference(run[latents] * 2, run.Gradient(score, latents)), 0, 1e-5);
        score.backward();
        Assert.True(sae.parameters().First().grad!.abs().max().item<float>() > 0);
        Assert.Throws<InvalidOperationException>(() => run.Gradient(run.Logits.sum(), latents)); // the run goes on without them
    }

    [Fact]
    public void ConfigurationsAndFoldersKeepIt()
    {
        using var sae = new Autoencoder(128, 12);
        var experiment = Gpt2.Experiment.CollectInside(Place, sae, out var latents).Apply(Place, (Pyvene.Typed.Interventions.Intervention)sae);
        var json = experiment.ToConfig().ToJson(withoutTensors: true);
        Assert.Contains("\"collects\": \"space\"", json, StringComparison.Ordinal);
        var read = InterventionConfig.FromJson(json);
        Assert.Equal(experiment.ToConfig(), read);
        Assert.NotEqual(read, read with { Interventions = [read.Interventions[1], read.Interventions[1]] });
        Assert.Equal(json, read.ToJson(withoutTensors: true));

        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            ExperimentFolder.Save(experiment.ToConfig(), folder);
            var loaded = Gpt2.Experiment.Load<OneSource>(folder);
            using var run = Primer.Model.Run(experiment, "Mary smiled because", "Tom was happy");
            using var again = Primer.Model.Run(loaded, "Mary smiled because", "Tom was happy");
            Assert.Equal(0, Primer.Difference(run[latents], again[loaded.HandleOf(latents.Name)]));
            Assert.Equal(0, Primer.Difference(run.Logits, again.Logits));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void WhatComputesNothingInsideIsRefusedByName()
    {
        using var mask = new SigmoidMask(128);
        using var sae = new Autoencoder(128, 12);
        Assert.Contains("'sigmoid_mask' computes no coordinates", Refused(() => new Learned(mask) { Collects = Inside.Space }), StringComparison.Ordinal);
        Assert.Contains("It has a space: CollectInside", Refused(() => new Learned(sae) { Collects = Inside.Gate }), StringComparison.Ordinal);
        const string Site = """ "component": "mlp_output", "layer": 1 """;
        Assert.Contains(
            "'interchange' computes inside", Refused(() => Read($$"""{"type": "interchange", "collects": "space", {{Site}}}""")), StringComparison.Ordinal);
        Assert.Contains("'interventions[0].collects': 'sigmoid_mask' computes no coordinates", Refused(() => Read(
            $$"""{"type": "sigmoid_mask", "parameters": {"width": 128}, "collects": "space", {{Site}}}""")), StringComparison.Ordinal);

        static InterventionConfig Read(string intervention) =>
            InterventionConfig.FromJson($$"""{"version": 1, "architecture": "gpt2", "interventions": [{{intervention}}]}""");
    }

    private static string Refused(Func<object> action) => Assert.Throws<InterventionException>(action).Message;

    private static (Experiment<Gpt2, TSources> Experiment, Collected<Gpt2> Handle) Begun<TSources>(
        Experiment<Gpt2, TSources> experiment, InterventionModule module)
        where TSources : ISourceCount
    {
        var begun = module switch
        {
            RotatingModule rotating => experiment.CollectInside(Place, rotating, out var handle) is var made ? (made, handle) : default,
            _ => experiment.CollectInside(Place, (PcaRotatedSpace)module, out var handle) is var made ? (made, handle) : default,
        };
        return begun;
    }

    private static Tensor Coordinates(InterventionModule module, Tensor values) => ((IInnerSpace)module).ToSpace(values);

    private static Tensor ByHand(InterventionModule module, Tensor values)
    {
        var state = module.CopyState();
        return module switch
        {
            RotatingModule rotating => values.matmul(rotating.ComputeRotation()),
            PcaRotatedSpace => ((values - state["pca_mean"]) / state["pca_std"]).matmul(state["pca_components"].mT),
            Autoencoder => nn.functional.relu(
                (values - state["autoencoder.decoder.0.bias"]).matmul(state["autoencoder.encoder.0.weight"].mT) + state["autoencoder.encoder.0.bias"]),
            _ => Jumped((values.matmul(state["W_enc"])) + state["b_enc"]),
        };

        Tensor Jumped(Tensor before) => where(before.gt(state["threshold"]), before.clamp(min: 0), zeros_like(before));
    }
}
