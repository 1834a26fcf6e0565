using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>OPT in its forms gives the logits of transformers 4.57.6, with and without a mask.</summary>
public sealed class OptTests
{
    private const string Body =
        "'model_type':'opt','vocab_size':32,'hidden_size':16,'ffn_dim':24,'num_hidden_layers':2,'num_attention_heads':2,'max_position_embeddings':32";

    [Theory]
    [InlineData("'init_std':0.02", new[] { -0.437806, 1.138424, 0.900017, -0.773008, -1.213866 },
        new[] { -0.4377, 1.117513, 0.891421, -0.755588, -1.198197 })]
    [InlineData("'do_layer_norm_before':false,'word_embed_proj_dim':12", new[] { -1.444749, 0.621934, 0.798823, -1.451573, 0.708748 },
        new[] { -1.44422, 0.619956, 0.800348, -1.451179, 0.706813 })]
    [InlineData("'enable_bias':false,'_remove_final_layer_norm':true", new[] { 2.385864, -0.796979, -2.709445, -0.303082, 2.58639 },
        new[] { -0.571039, -3.31086, -0.773203, 2.996932, 1.989986 })]
    public void ItsLogitsAreThoseOfTransformers(string fields, double[] whole, double[] masked)
    {
        using var scope = NewDisposeScope();
        using var model = SineWeights.Create("OPTForCausalLM", $"{Body},{fields}");
        var tokens = SineWeights.Tokens(9);

        SineWeights.Check(model, new ModelInputs { InputIds = tokens }, whole);
        SineWeights.Check(model, new ModelInputs { InputIds = tokens, AttentionMask = tensor(new long[,] { { 0, 0, 1, 1, 1, 1, 1, 1, 1 } }) }, masked);
    }

    [Fact]
    public void KeptKeysGiveTheSameLogitsWithAMaskToo()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = SineWeights.Create("OPTForCausalLM", Body);
        var (tokens, mask) = (SineWeights.Tokens(9), tensor(new long[,] { { 0, 0, 1, 1, 1, 1, 1, 1, 1 } }));
        using var past = ((ModelOutput)model.call(
            new ModelInputs { InputIds = tokens.narrow(1, 0, 5), AttentionMask = mask.narrow(1, 0, 5), UseCache = true })).Past!;

        SineWeights.Check(
            model,
            new ModelInputs { InputIds = tokens.narrow(1, 5, 4), AttentionMask = mask, Past = past },
            [-0.4377, 1.117513, 0.891421, -0.755588, -1.198197]);
    }

    [Theory]
    [InlineData("fc1", HookSide.Input, "mlp_input", 16, true, true)]
    [InlineData("activation_fn", HookSide.Output, "mlp_activation", 24, true, true)]
    [InlineData("fc2", HookSide.Output, "mlp_output", 16, false, true)]
    [InlineData("final_layer_norm", HookSide.Output, "final_layer_norm_output", 16, true, true)]
    [InlineData("final_layer_norm", HookSide.Output, "final_layer_norm_output", 16, false, false)]
    public void ItsMlpSeesRowsAndPositionsInOneAxisAsInTransformersAndItsComponentsInTwo(
        string module, HookSide side, string component, long width, bool normsBefore, bool isFlat)
    {
        using var scope = NewDisposeScope();
        using var model = SineWeights.Create("OPTForCausalLM", $"{Body},'do_layer_norm_before':{(normsBefore ? "true" : "false")}");
        var inputs = new ModelInputs { InputIds = cat([SineWeights.Tokens(9), SineWeights.Tokens(9).flip(1)], 0) };
        var path = new SiteSpec { ModulePath = $"model.decoder.layers[1].{module}", Side = side };
        SiteSpec[] sites = [path, new() { Component = component, Layer = 1 }, path with { At = Positions.Of(2, ^1) }];
        using var plan = InterventionPlan.Bind(model, new InterventionConfig
        {
            Architecture = "opt",
            Interventions = [.. sites.Select(site => new InterventionSpec { Intervention = new Collect(), Site = site })],
        });
        using var run = plan.Run(inputs);

        Assert.Equal(isFlat ? [18, width] : [2, 9, width], run.Collected[0].shape);
        Assert.Equal([2, 9, width], run.Collected[1].shape);
        Assert.True(run.Collected[0].view(2, 9, width).equal(run.Collected[1]).all().item<bool>());
        Assert.True(run.Collected[1].index_select(1, tensor(new[] { 2L, 8L })).equal(run.Collected[2]).all().item<bool>());
    }

    [Theory]
    [InlineData("fc2", null)]
    [InlineData(null, "mlp_output")]
    public void AnInterchangeAtItsMlpMovesTheChosenPositionsAlone(string? module, string? component)
    {
        using var scope = NewDisposeScope();
        using var model = SineWeights.Create("OPTForCausalLM", Body);
        var (first, second) = (SineWeights.Tokens(9), SineWeights.Tokens(9).flip(1));
        var site = module is null ? new SiteSpec { Component = component, Layer = 0 } : new SiteSpec { ModulePath = $"model.decoder.layers[0].{module}" };
        using var plan = InterventionPlan.Bind(model, new InterventionConfig
        {
            Architecture = "opt",
            Sources = 1,
            Interventions =
            [
                new() { Intervention = new Collect(), Site = site },
                new() { Intervention = new Interchange(), Site = site with { At = Positions.Of(3), ReadAt = Positions.Of(^1) } },
                new() { Intervention = new Collect(), Site = site },
            ],
        });
        using var run = plan.Run(new ModelInputs { InputIds = cat([first, second], 0) }, [new ModelInputs { InputIds = cat([second, first], 0) }]);
        var (before, after) = (run.Collected[0].view(2, 9, 16), run.Collected[1].view(2, 9, 16));
        var expected = before.clone();
        expected.select(1, 3).copy_(before.flip(0).select(1, 8)); // the source holds the same rows the other way round

        Assert.True(expected.allclose(after, rtol: 0, atol: 1e-6));
        Assert.False(before.allclose(after));
    }

    [Fact]
    public void ItsKnownCheckpointWithANarrowEmbeddingHasItsSizes()
    {
        using var model = ModelLoader.Create(
            ModelConfig.Parse(
                """
                {
                  "model_type": "opt", "architectures": ["OPTForCausalLM"], "vocab_size": 50272, "hidden_size": 1024, "ffn_dim": 4096, "num_hidden_layers": 24,
                  "num_attention_heads": 16, "max_position_embeddings": 2048, "word_embed_proj_dim": 512, "do_layer_norm_before": false
                }
                """,
                "test"),
            device: META);
        var parameters = model.named_parameters().ToDictionary(item => item.name, item => item.parameter.shape);

        Assert.Equal([512, 1024], parameters["model.decoder.project_out.weight"]);
        Assert.Equal([2050, 1024], parameters["model.decoder.embed_positions.weight"]);
        Assert.DoesNotContain("model.decoder.final_layer_norm.weight", parameters.Keys);
    }
}
