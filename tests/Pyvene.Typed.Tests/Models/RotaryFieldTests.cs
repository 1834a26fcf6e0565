using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Rotary positions mean the same in the form of transformers 5 as in that of 4, and what is not understood is refused.</summary>
public sealed class RotaryFieldTests
{
    private const string Body =
        "'vocab_size':64,'hidden_size':128,'intermediate_size':96,'num_hidden_layers':2,'num_attention_heads':2,'num_key_value_heads':1,"
            + "'max_position_embeddings':128,'tie_word_embeddings':false,'initializer_range':0.4";

    private const string Bands = "'rope_type':'llama3','factor':32.0,'low_freq_factor':1.0,'high_freq_factor':4.0,'original_max_position_embeddings':4";
    private const string Base = "'rope_theta':500000.0";
    private const string Linear = "'rope_type':'linear','factor':4.0";

    [Fact]
    public void TextThatOutgrowsDynamicPositionsIsRefusedWhileKeysOfAShorterOneAreKept()
    {
        using var scope = NewDisposeScope();
        using var model = Llama.Create(layers: 1, dModel: 8, heads: 2, dMlp: 12, vocab: 11, context: 4, seed: 1);
        var config = model.Module.Config.With("""{"rope_scaling": {"rope_type": "dynamic", "factor": 2.0}}""");
        using var stretched = ModelLoader.Create(config, "LlamaForCausalLM", seed: 1);
        using var quiet = no_grad();
        var ids = arange(0, 6, dtype: ScalarType.Int64).unsqueeze(0);
        var whole = (ModelOutput)stretched.call(new ModelInputs { InputIds = ids });
        Assert.Equal(6, whole.Logits!.shape[1]);
        var begun = (ModelOutput)stretched.call(new ModelInputs { InputIds = ids.narrow(1, 0, 3), UseCache = true });
        using var past = begun.Past!;
        var error = Assert.Throws<ArgumentException>(() => stretched.call(new ModelInputs { InputIds = ids.narrow(1, 3, 3), Past = past }));
        Assert.Contains("UseCache = false", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama", "LlamaForCausalLM", $"'rope_parameters':{{'rope_type':'default',{Base}}}", Base)]
    [InlineData("llama", "LlamaForCausalLM", $"'rope_parameters':{{{Base}}}", Base)]
    [InlineData("llama", "LlamaForCausalLM", $"'rope_parameters':{{{Linear},{Base}}}", $"{Base},'rope_scaling':{{'type':'linear','factor':4}}")]
    [InlineData("llama", "LlamaForCausalLM", $"'rope_parameters':{{{Bands},{Base}}}", $"{Base},'rope_scaling':{{{Bands}}}")]
    [InlineData("llama", "LlamaForCausalLM", $"{Base},'rope_scaling':{{{Linear}}},'rope_parameters':{{{Linear},{Base},'partial_rotary_factor':1.0}}",
        $"{Base},'rope_scaling':{{{Linear}}}")]
    [InlineData("llama", "LlamaForCausalLM", $"'rope_parameters':{{'full_attention':{{{Base}}},'sliding_attention':{{'rope_type':'default',{Base}}}}}", Base)]
    [InlineData("qwen3", "Qwen3ForCausalLM", $"'rope_parameters':{{'rope_type':'dynamic','factor':2.0,{Base}}}",
        $"{Base},'rope_scaling':{{'rope_type':'dynamic','factor':2.0}}")]
    [InlineData("gemma2", "Gemma2ForCausalLM", $"'rope_parameters':{{'full_attention':{{{Base}}},'sliding_attention':{{{Base}}}}}", Base)]
    [InlineData("gpt_neox", "GPTNeoXForCausalLM", $"'rope_parameters':{{'rope_type':'default',{Base},'partial_rotary_factor':0.5}}",
        "'rotary_emb_base':500000,'rotary_pct':0.5")]
    [InlineData("gpt_neox", "GPTNeoXForCausalLM", $"'rope_parameters':{{{Base}}}", "'rotary_emb_base':500000,'rotary_pct':0.25")]
    public void BothFormsGiveTheSameLogits(string type, string className, string now, string before)
    {
        using var scope = NewDisposeScope();
        var (actual, expected, other) = (Logits(type, className, now), Logits(type, className, before), Logits(type, className, "'rope_scaling':null"));

        Close.Equal(expected, actual, 0);
        Assert.True(expected.sub(other).abs().max().item<float>() > 1e-3, "the case does not tell the form from the default");
    }

    [Fact]
    public void TheFrequenciesAreThoseOfTheBaseInRopeParameters()
    {
        var settings = LlamaArchitecture.Instance.Fields.Read(Config("llama", $"'rope_parameters':{{{Base}}}"));
        var turns = new Pyvene.Typed.Models.Layers.RotaryEmbedding(DecoderSettings.Read(settings).Rotary!)
            .At(tensor(new long[,] { { 1 } }), ScalarType.Float32);

        Assert.Equal(Math.Cos(0.66360124), turns.Cosines[0, 0, 0, 1].Real(), 1e-6); // base 10000 has the frequency 0.74989421 there
    }

    [Theory]
    [InlineData("'rope_parameters':{'rope_type':'spiral','factor':4.0}",
        "'rope_parameters' is of the kind 'spiral', which is not supported; supported are default, linear, dynamic, yarn, longrope, llama3.")]
    [InlineData("'rope_scaling':{'type':'yarn','original_max_position_embeddings':8}", "'rope_scaling' of the kind 'yarn' needs 'factor': a number from 1")]
    [InlineData("'rope_scaling':{'type':'yarn','factor':4.0},'rope_theta':1.0", "need a 'rope_theta' other than 1")]
    [InlineData("'rope_scaling':{'type':'longrope','factor':4.0}", "'rope_scaling' of the kind 'longrope' needs 'short_factor': a list of numbers above 0.")]
    [InlineData("'rope_scaling':{'type':'longrope','factor':4.0,'short_factor':[1.0],'long_factor':[1.0]}",
        "must have a number for each of the 32 pairs of features that are turned, but have 1 and 1.")]
    [InlineData("'rope_scaling':{'type':'su','factor':4.0,'short_factor':[1.0],'long_factor':[0]}",
        "'rope_scaling.long_factor' must be a list of numbers above 0, but is [0].")]
    [InlineData("'rope_theta':10000.0,'rope_parameters':{'rope_theta':500000.0}", "'rope_theta' is 10000, but 'rope_parameters.rope_theta' is 500000;")]
    [InlineData("'rope_scaling':{'rope_type':'linear','factor':4.0},'rope_parameters':{'rope_type':'linear','factor':2.0}",
        "'rope_parameters' asks for Linear { Factor = 2 }, but 'rope_scaling' asks for Linear { Factor = 4 };")]
    [InlineData("'rope_parameters':{'full_attention':{'rope_theta':500000.0},'sliding_attention':{'rope_theta':10000.0}}",
        "'rope_parameters.full_attention.rope_theta' is 500000, but 'rope_parameters.sliding_attention.rope_theta' is 10000;")]
    [InlineData("'rope_parameters':{'full_attention':{'rope_theta':500000.0},'chunked_attention':{'rope_theta':500000.0}}",
        "so 'chunked_attention' must be one of full_attention, sliding_attention")]
    [InlineData("'rope_parameters':{'rope_type':'linear'}", "'rope_parameters' of the kind 'linear' needs 'factor': a number from 1 to 1000000000.")]
    [InlineData("'rope_parameters':{'rope_type':'linear','factor':'4'}", "'rope_parameters.factor' must be a number from 1 to 1000000000, but is \"4\".")]
    [InlineData("'rope_parameters':{'rope_type':'default','mrope_section':[1,2]}",
        "'rope_parameters' of the kind 'default' has the field 'mrope_section', which is not supported;")]
    [InlineData("'rope_parameters':{'rope_type':'linear','type':'dynamic','factor':4}",
        "'rope_parameters' says two kinds: 'linear' in 'rope_type' and 'dynamic' in 'type'.")]
    [InlineData("'rope_parameters':{'rope_theta':1e999}", "'rope_parameters.rope_theta' must be a number from 1E-30 to 1E+30, but is 1e999.")]
    [InlineData("'rope_parameters':{'partial_rotary_factor':0.5}", "'partial_rotary_factor' is 0.5, which is not supported for this architecture")]
    [InlineData("'rope_parameters':'default'", "'rope_parameters' must be a JSON object, but is \"default\".")]
    [InlineData("'rope_scaling':[4]", "'rope_scaling' must be a JSON object, but is [4].")]
    public void WhatIsNotUnderstoodIsRefused(string fields, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<CheckpointException>(() => ModelLoader.Create(Config("llama", fields), "LlamaForCausalLM", device: META)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("'rotary_pct':1e999", "'rotary_pct' must be a number from 0 to 1, but is 1e999.")]
    [InlineData("'rotary_pct':0.5,'partial_rotary_factor':0.25", "'rotary_pct' is 0.5, but 'partial_rotary_factor' is 0.25;")]
    [InlineData("'rotary_emb_base':10000,'rope_theta':20000", "'rotary_emb_base' is 10000, but 'rope_theta' is 20000;")]
    public void TheOwnFieldsOfGptNeoXAreComparedToo(string fields, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<CheckpointException>(() => ModelLoader.Create(Config("gpt_neox", fields), "GPTNeoXForCausalLM", device: META)).Message,
            StringComparison.Ordinal);

    private static ModelConfig Config(string type, string fields) => ModelConfig.Parse($"{{{Body},{fields},'model_type':'{type}'}}".Replace('\'', '"'), "test");

    private static Tensor Logits(string type, string className, string fields)
    {
        using var model = ModelLoader.Create(Config(type, fields), className, seed: 1);
        return ((ModelOutput)model.call(new ModelInputs { InputIds = tensor(new long[,] { { 5, 17, 3, 44, 9, 28, 60, 2, 31, 11, 50, 7 } }) })).Logits!;
    }
}
