using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Conformance;
using Pyvene.Typed.Tests.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>What a configuration says is read, refused by name, known not to matter, or told.</summary>
public sealed class ConfigFieldTests
{
    private const string Gpt2 =
        """{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "vocab_size": 11, "n_positions": 16, "n_embd": 8, "n_head": 2, "n_layer": 2}""";
    private const string Llama =
        """{"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 11, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 16}""";

    private const string Bert =
        """{"model_type": "bert", "architectures": ["BertModel"], "vocab_size": 11, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 16}""";

    [Theory]
    [InlineData(Gpt2, """ "embd_pdrop": 3 """, "'embd_pdrop' must be a number from 0 to 1, but is 3.")]
    [InlineData(Gpt2, """ "resid_pdrop": -1 """, "'resid_pdrop' must be a number from 0 to 1, but is -1.")]
    [InlineData(Gpt2, """ "attn_pdrop": 1e300 """, "'attn_pdrop' must be a number from 0 to 1, but is 1e300.")]
    [InlineData(Gpt2, """ "attn_pdrop": NaN """, "'attn_pdrop' must be a number from 0 to 1, but is null.")]
    [InlineData(Gpt2, """ "attn_pdrop": null """, "'attn_pdrop' must be a number from 0 to 1, but is null.")]
    [InlineData(Gpt2, """ "scale_attn_weights": "false" """, "'scale_attn_weights' must be true or false, but is \"false\".")]
    [InlineData(Gpt2, """ "activation_function": 5 """, "'activation_function' must be one of gelu, ")]
    [InlineData(Gpt2, """ "layer_norm_epsilon": 0 """, "'layer_norm_epsilon' must be a number above 0 and at most 1, but is 0.")]
    [InlineData(Gpt2, """ "model_type": 0 """, "'model_type' must be a text, but is 0.")]
    [InlineData(Gpt2, """ "architectures": "GPT2LMHeadModel" """, "'architectures' must be a list of class names, but is \"GPT2LMHeadModel\".")]
    [InlineData(Gpt2, """ "n_layer": 2.5 """, "'n_layer' must be a whole number from 1 to 10000, but is 2.5.")]
    [InlineData(Gpt2, """ "hidden_size": 16 """, "'n_embd' is 8, but 'hidden_size', which means the same, is 16.")]
    [InlineData(Gpt2, """ "problem_type": "regresion" """, "'problem_type' must be one of regression, ")]
    [InlineData(Gpt2, """ "use_cache": "no" """, "'use_cache' must be true or false, but is \"no\".")]
    [InlineData(Gpt2, """ "quantization_config": {"bits": 4} """,
        "'quantization_config' is {\"bits\":4}, which changes the model's numbers and is not supported: it must be absent or null.")]
    [InlineData(Llama, """ "rms_norm_eps": -1 """, "'rms_norm_eps' must be a number above 0 and at most 1, but is -1.")]
    [InlineData(Llama, """ "rope_theta": "500000.0" """, "'rope_theta' must be a number from 1E-30 to 1E+30, but is \"500000.0\".")]
    [InlineData(Llama, """ "pretraining_tp": 2 """, "'pretraining_tp' is 2, which changes the model's numbers")]
    [InlineData(Llama, """ "attention_chunk_size": 8 """, "'attention_chunk_size' is 8, which changes the model's numbers")]
    [InlineData(Llama, """ "no_rope_layers": [1, 0] """, "'no_rope_layers' is [1,0], which changes the model's numbers")]
    [InlineData(Llama, """ "logits_scaling": 8.0 """, "'logits_scaling' is 8.0, which changes the model's numbers")]
    [InlineData(Llama, """ "layer_types": ["full_attention", "sliding_attention"] """,
        "'layer_types' gives layer 1 sliding_attention, but the configuration gives this model no window.")]
    [InlineData(Llama, """ "layer_types": ["full_attention"] """, "'layer_types' must name the kind of each of the 2 layers, but has 1 entries.")]
    [InlineData(Llama, """ "num_attention_heads": 3 """, "'hidden_size' must be a multiple of 'num_attention_heads'")]
    [InlineData(Bert, """ "position_embedding_type": "relative_key" """, "'position_embedding_type' is \"relative_key\", which changes the model's numbers")]
    [InlineData(Bert, """ "is_decoder": true """, "'is_decoder' is true, which changes the model's numbers")]
    [InlineData(Bert, """ "add_cross_attention": true """, "'add_cross_attention' is true, which changes the model's numbers")]
    public void AFieldOfAnotherKindOrRangeIsRefusedByName(string config, string change, string expected)
    {
        var changed = ModelConfig.Parse(config, "test").With($"{{ {change} }}");

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => ModelLoader.Create(changed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GemmaThreeBoundsNoScoresWhateverItsFileSaysAsInTransformers()
    {
        using var scope = NewDisposeScope();
        var config = ModelConfig.Parse(TinyModels.Config("Gemma3ForCausalLM"), "test");
        using var plain = ModelLoader.Create(config, seed: 7);
        using var bounded = ModelLoader.Create(config.With("""{"attn_logit_softcapping": 0.5}"""), seed: 7);
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(1, 6) };

        Close.Equal(plain.call(inputs).Logits!, bounded.call(inputs).Logits!, 0);
    }

    [Theory]
    [InlineData(Gpt2, """ "n_inner": null, "pad_token_id": null, "quantization_config": null, "add_cross_attention": false, "torch_dtype": "float16", "summary_type": "mean" """)]
    [InlineData(Llama, """ "pretraining_tp": 1, "rope_scaling": null, "head_dim": null, "num_key_value_heads": null, "logits_scaling": 1.0, "no_rope_layers": [], "is_decoder": true """)]
    [InlineData(Bert, """ "position_embedding_type": "absolute", "is_decoder": false, "classifier_dropout": null, "pooler_type": "first_token_transform" """)]
    [InlineData("""{"model_type": "opt", "architectures": ["OPTForCausalLM"], "vocab_size": 11, "hidden_size": 8, "ffn_dim": 12, "num_hidden_layers": 2, "num_attention_heads": 2}""",
        """ "activation_function": "relu", "dropout": 0.0 """)]
    public void NeutralValuesAndNullsOfTransformersAreTaken(string config, string change)
    {
        using var model = ModelLoader.Create(ModelConfig.Parse(config, "test").With($"{{ {change} }}"));

        Assert.Empty(model.Unread);
    }

    [Fact]
    public void AFieldThatNobodyKnowsIsTold()
    {
        using var model = ModelLoader.Create(
            ModelConfig.Parse(Gpt2, "test").With("""{"layer_norm_epsilom": 1e-3, "shiny": [1], "transformers_version": "4.57.6"}"""));

        Assert.Equal(["layer_norm_epsilom", "shiny"], model.Unread);
    }

    [Theory]
    [InlineData("""{"num_labels": 3, "id2label": {"0": "a", "1": "b"}}""")]
    [InlineData("""{"id2label": {}}""")]
    public void LabelsThatContradictEachOtherAreRefused(string change)
    {
        var config = ModelConfig.Parse(Llama, "test").With(change);

        Assert.Contains(
            "'id2label'",
            Assert.Throws<CheckpointException>(() => ModelLoader.Create(config, "LlamaForSequenceClassification")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chunked_attention", 0)]
    [InlineData("linear_attention", 2)]
    [InlineData("sliding_atention", 1)]
    [InlineData("", 3)]
    public void AnUnknownKindOfLayerIsRefusedByNameAndLayer(string kind, int layer)
    {
        var kinds = Enumerable.Range(0, 4).Select(index => index == layer ? kind : "full_attention");
        foreach (var (type, name) in new[] { ("qwen2", "Qwen2"), ("gemma2", "Gemma2"), ("mistral", "Mistral"), ("llama", "Llama") })
        {
            var config = ModelConfig.Parse(Llama, "test").With(
                $$"""{"model_type": "{{type}}", "num_key_value_heads": 1, "head_dim": 4, "num_hidden_layers": 4, "layer_types": [{{string.Join(", ", kinds.Select(text => $"\"{text}\""))}}]}""");

            var error = Assert.Throws<CheckpointException>(() => ModelLoader.Create(config, $"{name}ForCausalLM"));

            Assert.EndsWith(
                $"'layer_types' gives layer {layer} the kind \"{kind}\", which is not supported; known are full_attention and sliding_attention.",
                error.Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AWindowThatIsSwitchedOffIsNotRead()
    {
        var config = ModelConfig.Parse(Llama, "test")
            .With("""{"model_type": "qwen2", "num_key_value_heads": 1, "sliding_window": 131072, "use_sliding_window": false, "max_window_layers": 28}""");
        using var model = ModelLoader.Create(config, "Qwen2ForCausalLM");

        Assert.Contains("no window", Refusal("""{"layer_types": ["full_attention", "sliding_attention"]}"""), StringComparison.Ordinal);
        Assert.Contains(
            "'use_sliding_window' is true, but 'sliding_window' is null",
            Refusal("""{"use_sliding_window": true, "sliding_window": null}"""),
            StringComparison.Ordinal);

        string Refusal(string change) => Assert.Throws<CheckpointException>(() => ModelLoader.Create(config.With(change), "Qwen2ForCausalLM")).Message;
    }

    [Theory]
    [InlineData("gemma2", "Gemma2ForCausalLM", "dHead", 256)]
    [InlineData("gemma2", "Gemma2ForCausalLM", "kvHeads", 4)]
    [InlineData("mistral", "MistralForCausalLM", "kvHeads", 8)]
    [InlineData("qwen3", "Qwen3ForCausalLM", "dHead", 128)]
    [InlineData("llama", "LlamaForCausalLM", "kvHeads", 32)]
    [InlineData("llama", "LlamaForCausalLM", "dHead", 2)]
    public void DescriptorSizesHaveTheDefaultsOfTheModel(string key, string className, string size, long expected)
    {
        using var model = ModelLoader.Create(ModelConfig.Parse(
            $$"""{"model_type": "{{key}}", "vocab_size": 5, "hidden_size": 64, "intermediate_size": 4, "num_hidden_layers": 1, "num_attention_heads": 32}""",
            "test"), className, device: META);
        Assert.True(ArchitectureDescriptor.TryFind(key, out var descriptor));

        Assert.Equal(expected, new ArchitectureSizes(descriptor, model.Config)[size]);
    }

    [Theory]
    [InlineData("gemma2", "{}", "dHead", 256L)]
    [InlineData("mistral", "{}", "kvHeads", 8L)]
    [InlineData("mistral", """{"num_key_value_heads": null, "num_attention_heads": 4}""", "kvHeads", 4L)]
    [InlineData("mistral", """{"num_key_value_heads": 2, "num_attention_heads": 4}""", "kvHeads", 2L)]
    [InlineData("qwen3", """{"hidden_size": 64, "num_attention_heads": 4}""", "dHead", 128L)]
    [InlineData("gpt2", """{"num_hidden_layers": 3}""", "layers", 3L)]
    [InlineData("gpt2", "{}", "layers", 12L)]
    [InlineData("bert", "{}", "dHead", 64L)]
    public void AFieldThatIsLeftOutIsTheSameNumberForADescriptorAsForItsModel(string key, string config, string size, long expected)
    {
        Assert.True(ArchitectureDescriptor.TryFind(key, out var descriptor));

        Assert.Equal(expected, new ArchitectureSizes(descriptor, ModelConfig.Parse(config, "test"))[size]);
    }

    [Fact]
    public void ADescriptorSizeOfAnotherKindIsRefusedWithTheSameWords()
    {
        Assert.True(ArchitectureDescriptor.TryFind("gpt2", out var descriptor));
        var sizes = new ArchitectureSizes(descriptor, ModelConfig.Parse("""{"n_head": "two", "n_embd": 8}""", "test"));

        Assert.Equal("test: 'n_head' must be a whole number, but is \"two\".", Assert.Throws<CheckpointException>(() => sizes["heads"]).Message);
    }

    [Fact]
    public void MoreLayersThanTheCheckpointHasAreRefusedBeforeTheyAreBuilt()
    {
        using var folder = new TemporaryFolder("layers");
        TinyGpt2.Save(folder.Path, TinyGpt2.Config.Replace("\"n_layer\": 3", "\"n_layer\": 10000", StringComparison.Ordinal));

        var error = Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path));

        Assert.EndsWith(
            "'n_layer' is 10000, but the checkpoint's 40 tensors are of 3 layers: no name has a larger number.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageNamesTheFirstOfManyTensors()
    {
        using var folder = new TemporaryFolder("tensors");
        TinyGpt2.Save(folder.Path, change: (name, tensor) => (name + new string('x', 5000), tensor));

        var message = Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message;

        Assert.True(message.Length < 12_000, $"{message.Length} letters");
        Assert.EndsWith("more.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFieldOfTheGoldenConfigurationsIsKnown()
    {
        var folders = new[] { GoldenRoots.Own, GoldenRoots.Shared }
            .Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateFiles(root, "config.json", SearchOption.AllDirectories));
        var models = folders.Select(path => ModelConfig.Parse(File.ReadAllText(path), path))
            .Select(config => (config, model: config.Architectures.Select(ModelRegistry.Find).FirstOrDefault(known => known is not null)));
        var unread = models.Where(item => item.model is not null)
            .SelectMany(item => item.model!.Fields.Unread(item.config).Select(field => $"{item.config.Origin}: {field}"))
            .ToArray();

        Assert.Empty(unread);
    }
}
