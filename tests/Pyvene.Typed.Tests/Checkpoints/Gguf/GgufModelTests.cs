using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Checkpoints.Gguf;

/// <summary>Writes random models as llama.cpp's converter does, in plain loops, and reads them back.</summary>
public sealed class GgufModelTests : IDisposable
{
    private const string Llama = """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 11, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "intermediate_size": 8, "max_position_embeddings": 32, "rms_norm_eps": 0.5, "rope_theta": 500, "attention_bias": true}
        """;

    private readonly TemporaryFolder folder = new("gguf-model");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LlamaComesBackWithTheRowsOfQueriesAndKeysInOrderFromAnyPartOfASplitFile()
    {
        using var scope = NewDisposeScope();
        using var model = ModelLoader.Create(ModelConfig.Parse(Llama, "test"), seed: 3);
        var tensors = Stored(model).ToList();
        string[] parts = ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"];
        Write(parts[0], Metadata().With("split.no", (ushort)0).With("split.count", (ushort)2).With("split.tensors.count", tensors.Count), tensors[..9]);
        Write(parts[1], new GgufBytes().With("split.no", (ushort)1).With("split.count", (ushort)2), tensors[9..]);

        foreach (var path in (string[])[Place(parts[0]), Place(parts[1]), folder.Path])
        {
            using var read = ModelLoader.Load(path);

            Assert.Empty(read.Unread);
            Assert.Equal((500, 0.5), (read.Config.GetNumber("rope_theta"), read.Config.GetNumber("rms_norm_eps")));
            Assert.False(read.Config.GetBoolean("tie_word_embeddings"));
            AssertSame(model, read);
        }
    }

    [Fact]
    public void APartThatIsMissingOrOfAnotherModelIsRefused()
    {
        Write("m-00001-of-00002.gguf", Metadata().With("split.no", (ushort)0).With("split.count", (ushort)2), []);
        Assert.Contains("m-00002-of-00002.gguf", Assert.Throws<CheckpointException>(() => Checkpoint.Open(Place("m-00001-of-00002.gguf"))).Message);

        Write("m-00002-of-00002.gguf", new GgufBytes().With("split.no", (ushort)0).With("split.count", (ushort)2), []);
        Assert.Contains("This is to be part 2 of 2", Assert.Throws<CheckpointException>(() => Checkpoint.Open(Place("m-00002-of-00002.gguf"))).Message);
    }

    [Fact]
    public void AModelWithoutAHeadUsesItsEmbeddingAndIsReadIntoBfloat16()
    {
        using var scope = NewDisposeScope();
        using var model = ModelLoader.Create(ModelConfig.Parse(Llama, "test").With("""{"tie_word_embeddings": true}"""));
        Write("m.gguf", Metadata(), Stored(model));

        using var read = ModelLoader.Load(Place("m.gguf"), dtype: ScalarType.BFloat16);

        Assert.True(read.Config.GetBoolean("tie_word_embeddings"));
        AssertSame(model.to(ScalarType.BFloat16), read);
    }

    [Fact]
    public void WhatTheMetadataSaysAndNothingReadsIsTold()
    {
        using var scope = NewDisposeScope();
        using var model = ModelLoader.Create(ModelConfig.Parse(Llama, "test"));
        Write("m.gguf", Metadata().With("llama.attention.wobble", 2u), Stored(model));

        using var read = ModelLoader.Load(folder.Path);

        Assert.Equal(["llama.attention.wobble"], read.Unread);
    }

    [Theory]
    [InlineData("general.architecture", "rwkv9", "'general.architecture' is 'rwkv9', which is not known; known are llama")]
    [InlineData("llama.attention.head_count", "four", "'llama.attention.head_count' must be a whole number, but is 'four'")]
    public void WrongMetadataIsRefusedByItsKey(string key, string value, string reason)
    {
        var bytes = new GgufBytes().With(key, value);
        bytes = key == "general.architecture" ? bytes : Sizes(bytes.With("general.architecture", "llama"), skipped: key);
        Write("m.gguf", bytes.Floats("token_embd.weight", [1, 1], 0), []);

        Assert.Contains(reason, Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingSizeIsNamed()
    {
        Write("m.gguf", Sizes(new GgufBytes().With("general.architecture", "llama"), skipped: "llama.block_count").Floats("token_embd.weight", [1, 1], 0), []);

        Assert.Contains("has no 'llama.block_count'", Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static GgufBytes Metadata() => Sizes(new GgufBytes().With("general.architecture", "llama"));

    private static GgufBytes Sizes(GgufBytes bytes, string skipped = "")
    {
        (string Key, object Value)[] sizes =
        [
            ("block_count", 2u), ("context_length", 32u), ("embedding_length", 16u), ("attention.head_count", 4u), ("attention.head_count_kv", 2u),
            ("feed_forward_length", 8u), ("rope.freq_base", 500f), ("attention.layer_norm_rms_epsilon", 0.5f), ("rope.dimension_count", 4u),
        ];
        foreach (var (key, value) in sizes)
        {
            if ($"llama.{key}" != skipped) bytes.With($"llama.{key}", value);
        }

        return bytes;
    }

    /// <summary>Names and orders a Llama's weights as llama.cpp has them.</summary>
    private static IEnumerable<(string Name, Tensor Value)> Stored(PretrainedModel model)
    {
        (string, string)[] names =
        [
            ("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("lm_head", "output"), ("model.layers.", "blk."),
            ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"), ("self_attn.v_proj", "attn_v"), ("self_attn.o_proj", "attn_output"),
            ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"), ("input_layernorm", "attn_norm"),
            ("post_attention_layernorm", "ffn_norm"),
        ];
        foreach (var (name, parameter) in model.named_parameters())
        {
            var heads = name.Contains("q_proj", StringComparison.Ordinal) ? 4 : name.Contains("k_proj", StringComparison.Ordinal) ? 2 : 0;
            var value = parameter.detach().clone();
            for (var row = 0L; heads > 0 && row < value.shape[0]; row++)
            {
                var (head, i, j) = (row / 4, row % 4 / 2, row % 2); // four features a head: row 2i + j was row 2j + i
                value[row] = parameter.detach()[(head * 4) + (j * 2) + i];
            }

            yield return (names.Aggregate(name, (text, pair) => text.Replace(pair.Item1, pair.Item2, StringComparison.Ordinal)), value);
        }
    }

    private static void AssertSame(PretrainedModel want, PretrainedModel got)
    {
        var parameters = got.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        Assert.All(want.named_parameters(), item => Assert.True(item.parameter.allclose(parameters[item.name], 0, 0), item.name));
    }

    private string Place(string name) => Path.Combine(folder.Path, name);

    private void Write(string name, GgufBytes bytes, IEnumerable<(string Name, Tensor Value)> tensors)
    {
        foreach (var (stored, value) in tensors)
        {
            bytes.Floats(stored, value.shape, value.contiguous().data<float>().ToArray());
        }

        File.WriteAllBytes(Place(name), bytes.ToArray());
    }
}
