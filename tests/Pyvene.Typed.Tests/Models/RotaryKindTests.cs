using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Rotary positions that are stretched for long texts give the logits of transformers 4.57.6, on both sides of the length of training.</summary>
public sealed class RotaryKindTests
{
    private const string Body =
        "'vocab_size':32,'hidden_size':32,'intermediate_size':24,'num_hidden_layers':1,'num_attention_heads':2,'num_key_value_heads':1,"
            + "'tie_word_embeddings':false,'rope_theta':1000.0,'pad_token_id':0";

    private const string Factors = "'short_factor':[1.0,1.1,1.2,1.3,1.5,1.8,2.0,2.5],'long_factor':[1.0,1.5,2.0,3.0,4.0,6.0,8.0,9.0]";
    private const string Phi3 = $"{Body},'model_type':'phi3','max_position_embeddings':32,'original_max_position_embeddings':8";

    [Theory]
    [InlineData("'rope_type':'yarn','factor':4.0", new[] { -0.494217, 0.560419, -0.53424, 0.419994, -0.236515 })]
    [InlineData("'type':'yarn','factor':4.0,'original_max_position_embeddings':16,'beta_fast':2.0,'beta_slow':0.1,'mscale':0.7,'mscale_all_dim':1.3",
        new[] { -0.493987, 0.55651, -0.527297, 0.411161, -0.227248 })]
    [InlineData("'rope_type':'yarn','factor':4.0,'truncate':false,'beta_fast':2.0,'beta_slow':0.1,'original_max_position_embeddings':16",
        new[] { -0.494278, 0.560028, -0.533462, 0.418957, -0.23539 })]
    [InlineData("'rope_type':'yarn','factor':8.0,'attention_factor':1.5,'mscale':1.0,'beta_fast':0,'beta_slow':null,'original_max_position_embeddings':8",
        new[] { -0.491894, 0.562962, -0.54123, 0.430278, -0.248398 })]
    public void YarnBlendsFrequenciesAndScalesTurns(string scaling, double[] expected)
    {
        foreach (var spelling in (string[])["rope_scaling", "rope_parameters"])
        {
            using var model = SineWeights.Create(
                "LlamaForCausalLM", $"{Body},'model_type':'llama','max_position_embeddings':32,'{spelling}':{{{scaling}}}");
            using var tokens = SineWeights.Tokens(12);
            SineWeights.Check(model, new ModelInputs { InputIds = tokens }, expected);
        }
    }

    [Theory]
    [InlineData(8, new[] { 0.348871, -0.309445, 0.219009, -0.09247, -0.049311 })]
    [InlineData(9, new[] { 0.185331, -0.131343, 0.055704, 0.029118, -0.109139 })]
    [InlineData(20, new[] { 0.474236, -0.518459, 0.477217, -0.357309, 0.178501 })]
    public void TheFactorsOfPhi3FollowTheLengthOfTheText(int length, double[] expected)
    {
        foreach (var kind in (string[])["su", "longrope", "yarn"])
        {
            using var model = SineWeights.Create("Phi3ForCausalLM", $"{Phi3},'rope_scaling':{{'type':'{kind}',{Factors}}}");
            using var tokens = SineWeights.Tokens(length);
            SineWeights.Check(model, new ModelInputs { InputIds = tokens }, expected);
        }
    }

    [Theory]
    [InlineData(8, new[] { 0.309245, -0.249612, 0.148831, -0.023516, -0.105675 })]
    [InlineData(9, new[] { 0.174216, -0.127025, 0.058895, 0.018943, -0.093659 })]
    [InlineData(20, new[] { 0.465892, -0.396947, 0.262568, -0.084906, -0.106752 })]
    public void WithoutALengthOfTrainingThatOfTheModelCounts(int length, double[] expected)
    {
        using var model = SineWeights.Create(
            "LlamaForCausalLM", $"{Body},'model_type':'llama','max_position_embeddings':8,'rope_scaling':{{'rope_type':'longrope','factor':4.0,{Factors}}}");
        using var tokens = SineWeights.Tokens(length);
        SineWeights.Check(model, new ModelInputs { InputIds = tokens }, expected);
    }

    [Fact]
    public void ATextThatOutgrowsItsKeptKeysIsRefusedAndALongOneGoesOn()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = SineWeights.Create("Phi3ForCausalLM", $"{Phi3},'rope_scaling':{{'type':'longrope',{Factors}}}");
        var tokens = SineWeights.Tokens(20);

        using var begun = ((ModelOutput)model.call(new ModelInputs { InputIds = tokens.narrow(1, 0, 8), UseCache = true })).Past!;
        var error = Assert.Throws<ArgumentException>(() => model.call(new ModelInputs { InputIds = tokens.narrow(1, 8, 1), Past = begun }));
        Assert.Contains("'longrope'", error.Message, StringComparison.Ordinal);
        Assert.Contains("UseCache = false", error.Message, StringComparison.Ordinal);

        using var longer = ((ModelOutput)model.call(new ModelInputs { InputIds = tokens.narrow(1, 0, 12), UseCache = true })).Past!;
        SineWeights.Check(
            model, new ModelInputs { InputIds = tokens.narrow(1, 12, 8), Past = longer }, [0.474236, -0.518459, 0.477217, -0.357309, 0.178501]);
    }

    [Fact]
    public void TheTypedRangeOfPhi3WithALongContextTakesItsConfiguration()
    {
        var factors = string.Join(',', Enumerable.Repeat("1.5", 48));
        var config = ModelConfig.Parse(
            $$"""
            {
              "model_type": "phi3", "architectures": ["Phi3ForCausalLM"], "vocab_size": 32064, "hidden_size": 3072, "intermediate_size": 8192,
              "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32, "max_position_embeddings": 131072,
              "original_max_position_embeddings": 4096, "sliding_window": 262144,
              "rope_scaling": { "type": "longrope", "short_factor": [{{factors}}], "long_factor": [{{factors}}] }
            }
            """,
            "test");
        using var model = ModelLoader.Create(config, device: META);

        Assert.Equal(32, ((IBlockwiseModel)model).BlockCount);
    }
}
