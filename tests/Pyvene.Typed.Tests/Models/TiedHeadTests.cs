using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>A stored head that config.json ties to the embedding is never dropped: it is equal, or the file is refused.</summary>
public sealed class TiedHeadTests : IDisposable
{
    private const string Shared = """
        "vocab_size": 24, "hidden_size": 16, "n_embd": 16, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4, "n_head": 4, "num_hidden_layers": 1, "n_layer": 1, "intermediate_size": 24, "max_position_embeddings": 32,
        "n_positions": 32, "pad_token_id": 0
        """;

    private readonly TemporaryFolder folder = new("tied");

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string, string, string> Models => new()
    {
        { "GPT2LMHeadModel", "gpt2", "transformer.wte.weight", "lm_head.weight" },
        { "LlamaForCausalLM", "llama", "model.embed_tokens.weight", "lm_head.weight" },
        { "MistralForCausalLM", "mistral", "model.embed_tokens.weight", "lm_head.weight" },
        { "Qwen2ForCausalLM", "qwen2", "model.embed_tokens.weight", "lm_head.weight" },
        { "Qwen3ForCausalLM", "qwen3", "model.embed_tokens.weight", "lm_head.weight" },
        { "Gemma2ForCausalLM", "gemma2", "model.embed_tokens.weight", "lm_head.weight" },
        { "Olmo2ForCausalLM", "olmo2", "model.embed_tokens.weight", "lm_head.weight" },
        { "MixtralForCausalLM", "mixtral", "model.embed_tokens.weight", "lm_head.weight" },
        { "GptOssForCausalLM", "gpt_oss", "model.embed_tokens.weight", "lm_head.weight" },
        { "OlmoForCausalLM", "olmo", "model.embed_tokens.weight", "lm_head.weight" },
        { "GemmaForCausalLM", "gemma", "model.embed_tokens.weight", "lm_head.weight" },
        { "Gemma3ForCausalLM", "gemma3_text", "model.embed_tokens.weight", "lm_head.weight" },
        { "Phi3ForCausalLM", "phi3", "model.embed_tokens.weight", "lm_head.weight" },
        { "GPTNeoForCausalLM", "gpt_neo", "transformer.wte.weight", "lm_head.weight" },
        { "BloomForCausalLM", "bloom", "transformer.word_embeddings.weight", "lm_head.weight" },
        { "FalconForCausalLM", "falcon", "transformer.word_embeddings.weight", "lm_head.weight" },
        { "MptForCausalLM", "mpt", "transformer.wte.weight", "lm_head.weight" },
        { "OPTForCausalLM", "opt", "model.decoder.embed_tokens.weight", "lm_head.weight" },
        { "GPTNeoXForCausalLM", "gpt_neox", "gpt_neox.embed_in.weight", "embed_out.weight" },
        { "BertForMaskedLM", "bert", "bert.embeddings.word_embeddings.weight", "cls.predictions.decoder.weight" },
        { "RobertaForMaskedLM", "roberta", "roberta.embeddings.word_embeddings.weight", "lm_head.decoder.weight" },
        { "DistilBertForMaskedLM", "distilbert", "distilbert.embeddings.word_embeddings.weight", "vocab_projector.weight" },
        { "EsmForMaskedLM", "esm", "esm.embeddings.word_embeddings.weight", "lm_head.decoder.weight" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void AHeadThatDiffersFromItsEmbeddingIsRefusedWithBothNames(string className, string type, string embedding, string head)
    {
        foreach (var format in (Format[])[Format.Safetensors, Format.Pickle, Format.Shards])
        {
            Save(className, type, format, (head, weights => weights[embedding].add(0.25)));

            var error = Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path));

            Assert.Contains($"'{head}' holds other values than '{embedding}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void AnEqualHeadLoadsAndAHeadOfAnotherShapeDoesNot(string className, string type, string embedding, string head)
    {
        using var scope = NewDisposeScope();
        Save(className, type, Format.Safetensors, (head, weights => weights[embedding]));
        using (var model = ModelLoader.Load(folder.Path))
        {
            Assert.True(ModelLoader.Create(model.Config, seed: 3).get_parameter(embedding)!.allclose(model.get_parameter(embedding)!, rtol: 0, atol: 0));
        }

        Save(className, type, Format.Safetensors, (head, weights => weights[embedding].narrow(0, 0, 12)));
        Assert.Contains($"wrong shape: '{head}'", Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void AHeadWithoutAnEmbeddingIsBoth(string className, string type, string embedding, string head)
    {
        using var scope = NewDisposeScope();
        Save(className, type, Format.Safetensors, (head, weights => weights[embedding]), (embedding, _ => null));

        using var model = ModelLoader.Load(folder.Path);

        Assert.True(ModelLoader.Create(model.Config, seed: 3).get_parameter(embedding)!.allclose(model.get_parameter(embedding)!, rtol: 0, atol: 0));
    }

    /// <summary>What the message of the refusal says to do.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void UntiedInTheConfigurationBothAreUsed(string className, string type, string embedding, string head)
    {
        using var scope = NewDisposeScope();
        Save(className, type, Format.Safetensors, (head, weights => weights[embedding].add(1)));
        folder.Write("config.json", Config(className, type, isTied: false));

        using var model = ModelLoader.Load(folder.Path);

        Assert.True(model.get_parameter(embedding)!.add(1).allclose(model.get_parameter(head)!, rtol: 0, atol: 0));
    }

    [Fact]
    public void TwoStoredNamesOfOneParameterAreEqualOrRefused()
    {
        const string now = "bert.embeddings.LayerNorm.weight", old = "bert.embeddings.LayerNorm.gamma";
        Save("BertForMaskedLM", "bert", Format.Safetensors, (old, weights => weights[now]));
        ModelLoader.Load(folder.Path).Dispose();

        Save("BertForMaskedLM", "bert", Format.Safetensors, (old, weights => weights[now].add(1)));
        var error = Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path));

        Assert.Contains($"'{now}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{old}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASingleFileBesideAnIndexAgreesOrIsRefused()
    {
        Save("LlamaForCausalLM", "llama", Format.Shards);
        var index = Path.Combine(folder.Path, "model.safetensors.index.json");
        Save("LlamaForCausalLM", "llama", Format.Safetensors, keep: true);
        Assert.True(File.Exists(index));
        ModelLoader.Load(folder.Path).Dispose();

        Save("LlamaForCausalLM", "llama", Format.Safetensors, true, ("model.norm.weight", weights => weights["model.norm.weight"].add(1)));
        Assert.Contains(
            "differ in the values of tensor 'model.norm.weight'",
            Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message,
            StringComparison.Ordinal);

        Save("LlamaForCausalLM", "llama", Format.Safetensors, true, ("model.norm.weight", _ => null));
        Assert.Contains(
            "one lacks tensor 'model.norm.weight'", Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATensorThatTheIndexDoesNotNameAndANameTwiceInItAreRefused()
    {
        Save("LlamaForCausalLM", "llama", Format.Shards);
        var index = Path.Combine(folder.Path, "model.safetensors.index.json");
        var text = File.ReadAllText(index);

        File.WriteAllText(index, text.Replace(",\"model.norm.weight\":\"one.safetensors\"", "", StringComparison.Ordinal));
        Assert.Contains(
            "holds tensor 'model.norm.weight'", Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message, StringComparison.Ordinal);

        File.WriteAllText(
            index, text.Replace("\"model.norm.weight\":", "\"model.norm.weight\":\"two.safetensors\",\"model.norm.weight\":", StringComparison.Ordinal));
        Assert.Contains(
            "uplicate property 'model.norm", Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreLayersThanTensorsAreRefusedBeforeTheyAreBuilt()
    {
        Save("LlamaForCausalLM", "llama", Format.Safetensors);
        folder.Write("config.json", Config("LlamaForCausalLM", "llama", isTied: true)
            .Replace("\"num_hidden_layers\": 1", "\"num_hidden_layers\": 10000", StringComparison.Ordinal));

        Assert.Contains(
            "'num_hidden_layers' is 10000", Assert.Throws<CheckpointException>(() => ModelLoader.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static string Config(string className, string type, bool isTied) =>
        $$"""{ "architectures": ["{{className}}"], "model_type": "{{type}}", {{Shared}}, "tie_word_embeddings": {{(isTied ? "true" : "false")}} }""";

    private void Save(string className, string type, Format format, params (string Name, Func<Dictionary<string, Tensor>, Tensor?> Value)[] changes) =>
        Save(className, type, format, keep: false, changes);

    private void Save(string className, string type, Format format, bool keep, params (string Name, Func<Dictionary<string, Tensor>, Tensor?> Value)[] changes)
    {
        using var scope = NewDisposeScope();
        foreach (var file in keep ? [] : Directory.GetFiles(folder.Path))
        {
            File.Delete(file);
        }

        var config = Config(className, type, isTied: true);
        folder.Write("config.json", config);
        using var model = ModelLoader.Create(ModelConfig.Parse(config, "tied"), seed: 3);
        var weights = model.named_parameters().ToDictionary(item => item.name, item => (Tensor)item.parameter);
        foreach (var (name, value) in changes)
        {
            if (value(weights) is { } tensor)
            {
                weights[name] = tensor;
            }
            else
            {
                weights.Remove(name);
            }
        }

        var all = weights.Select(item => (item.Key, item.Value)).ToList();
        switch (format)
        {
            case Format.Safetensors:
                SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"), all);
                break;
            case Format.Pickle:
                StateDictionaryFile.Write(Path.Combine(folder.Path, "pytorch_model.bin"), all);
                break;
            default:
                SafetensorsWriter.Write(Path.Combine(folder.Path, "two.safetensors"), all[..1]);
                SafetensorsWriter.Write(Path.Combine(folder.Path, "one.safetensors"), all[1..]);
                var files = all.Select((item, index) => $"\"{item.Key}\":\"{(index == 0 ? "two" : "one")}.safetensors\"");
                folder.Write("model.safetensors.index.json", $"{{\"weight_map\":{{{string.Join(',', files)}}}}}");
                break;
        }
    }

    private enum Format
    {
        Safetensors,
        Pickle,
        Shards,
    }
}
