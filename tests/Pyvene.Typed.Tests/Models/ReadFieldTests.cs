using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>A configuration is read by the names that its class in transformers reads; what stands under another name changes nothing.</summary>
public sealed class ReadFieldTests
{
    private const string Body = "'vocab_size':32,'hidden_size':16,'num_hidden_layers':2,'num_attention_heads':2,'rms_norm_eps':0.5,'hidden_act':'silu'";

    [Theory]
    [InlineData("falcon", "FalconForCausalLM", "'intermediate_size':24", "transformer.h.0.mlp.dense_h_to_4h.weight", 64)]
    [InlineData("falcon", "FalconForCausalLM", "'intermediate_size':24,'ffn_hidden_size':40", "transformer.h.0.mlp.dense_h_to_4h.weight", 40)]
    [InlineData("bloom", "BloomForCausalLM", "'intermediate_size':24", "transformer.h.0.mlp.dense_h_to_4h.weight", 64)]
    [InlineData("mpt", "MptForCausalLM", "'intermediate_size':24", "transformer.blocks.0.ffn.up_proj.weight", 64)]
    [InlineData("opt", "OPTForCausalLM", "'intermediate_size':24,'ffn_dim':40", "model.decoder.layers.0.fc1.weight", 40)]
    [InlineData("gpt_neo", "GPTNeoForCausalLM", "'intermediate_size':24", "transformer.h.0.mlp.c_fc.weight", 24)]
    public void TheWidthOfTheMlpIsThatOfItsOwnField(string type, string className, string fields, string parameter, long width)
    {
        using var model = ModelLoader.Create(Config(type, fields), className, device: META);

        Assert.Equal(width, model.get_parameter(parameter)!.shape[0]);
    }

    [Theory]
    [InlineData("falcon", "FalconForCausalLM")]
    [InlineData("bloom", "BloomForCausalLM")]
    [InlineData("mpt", "MptForCausalLM")]
    [InlineData("gpt_neo", "GPTNeoForCausalLM")]
    [InlineData("opt", "OPTForCausalLM")]
    public void AnEpsilonAndAnActivationOfAnotherNameChangeNothing(string type, string className)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var (with, without) = (Logits(Config(type, "'use_cache':true")), Logits(ModelConfig.Parse(
            $"{{'model_type':'{type}','vocab_size':32,'hidden_size':16,'num_hidden_layers':2,'num_attention_heads':2}}".Replace('\'', '"'), "test")));

        Close.Equal(without, with, 0);

        Tensor Logits(ModelConfig config)
        {
            using var model = ModelLoader.Create(config, className, seed: 1);
            return ((ModelOutput)model.call(new ModelInputs { InputIds = SineWeights.Tokens(6) })).Logits!;
        }
    }

    [Fact]
    public void TheKindsOfGptNeosLayersAreReadWhereOnlyTheirListIsGiven()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var named = Logits("'attention_layers':['local','local']");
        var (grouped, absent) = (Logits("'attention_types':[[['local'],2]]"), Logits("'use_cache':true"));

        Close.Equal(grouped, named, 0);
        Assert.True(named.sub(absent).abs().max().item<float>() > 1e-3);
        Assert.Contains(
            "'attention_layers' must say for each of the 2 layers",
            Assert.Throws<CheckpointException>(() => Logits("'attention_layers':['local']")).Message,
            StringComparison.Ordinal);

        Tensor Logits(string fields)
        {
            using var model = ModelLoader.Create(Config("gpt_neo", $"{fields},'window_size':2,'initializer_range':0.4"), "GPTNeoForCausalLM", seed: 1);
            return ((ModelOutput)model.call(new ModelInputs { InputIds = SineWeights.Tokens(6) })).Logits!;
        }
    }

    private static ModelConfig Config(string type, string fields) =>
        ModelConfig.Parse($"{{'model_type':'{type}',{Body},{fields}}}".Replace('\'', '"'), "test");
}
