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
