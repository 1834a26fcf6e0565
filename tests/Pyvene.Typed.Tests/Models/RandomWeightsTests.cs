using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

public class RandomWeightsTests
{
    [Theory]
    [InlineData("GPT2LMHeadModel", "{'model_type':'gpt2','vocab_size':7,'n_positions':5,'n_embd':4,'n_layer':2,'n_head':2}", 0.7400857)]
    [InlineData("Gemma2ForCausalLM",
        "{'model_type':'gemma2','vocab_size':7,'hidden_size':4,'num_hidden_layers':2,'num_attention_heads':2,'num_key_value_heads':1,'head_dim':2,"
            + "'intermediate_size':4}", 0.6186521)]
    [InlineData("GPTNeoXForCausalLM",
        "{'model_type':'gpt_neox','vocab_size':7,'hidden_size':4,'num_hidden_layers':2,'num_attention_heads':1,'intermediate_size':4,"
            + "'rotary_pct':0.5}", 0.5786141)]
    public void ASeedStandsForTheSameWeightsHoweverAModelIsPutTogether(string className, string config, double expected)
    {
        using var scope = NewDisposeScope();
        using var model = ModelLoader.Create(ModelConfig.Parse(config.Replace('\'', '"'), "a test"), className, seed: 3);
        using var output = model.call(new ModelInputs { InputIds = tensor(new long[,] { { 1, 2, 3 } }) });
        Assert.Equal(expected, output.Logits!.abs().sum().item<float>(), 1e-5);
    }
}
