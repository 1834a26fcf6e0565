using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Checkpoints.Gguf;

/// <summary>Writes random models of several families as llama.cpp's converter does, and reads them back.</summary>
public sealed class GgufFamilyTests : IDisposable
{
    private const string Decoder = """
        "vocab_size": 11, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 8,
        "max_position_embeddings": 32
        """;

    private static readonly (string Name, string Stored)[] Renamed =
    [
        ("model.embed_tokens", "token_embd"), ("model.norm", "output_norm"), ("lm_head", "output"), ("model.layers.", "blk."),
        ("self_attn.qkv_proj", "attn_qkv"), ("self_attn.q_proj", "attn_q"), ("self_attn.k_proj", "attn_k"), ("self_attn.v_proj", "attn_v"),
        ("self_attn.o_proj", "attn_output"), ("self_attn.q_norm", "attn_q_norm"), ("self_attn.k_norm", "attn_k_norm"), ("mlp.gate_up_proj", "ffn_up"),
        ("mlp.gate_proj", "ffn_gate"), ("mlp.up_proj", "ffn_up"), ("mlp.down_proj", "ffn_down"), ("pre_feedforward_layernorm", "ffn_norm"),
        ("post_feedforward_layernorm", "post_ffw_norm"),
        ("transformer.word_embeddings_layernorm", "token_embd_norm"), ("transformer.word_embeddings", "token_embd"), ("transformer.ln_f", "output_norm"),
        ("transformer.h.", "blk."), ("self_attention.query_key_value", "attn_qkv"), ("self_attention.dense", "attn_output"),
        ("mlp.dense_h_to_4h", "ffn_up"), ("mlp.dense_4h_to_h", "ffn_down"), ("input_layernorm", "attn_norm"),
    ];

    private readonly TemporaryFolder folder = new("gguf-family");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OlmoComesBackWithTheRowsOfQueriesAndKeysInOrder() => AssertComesBack(
        $$"""{"model_type": "olmo", "architectures": ["OlmoForCausalLM"], {{Decoder}}, "clip_qkv": 4.0, "tie_word_embeddings": false}""",
        Sizes("olmo").With("olmo.attention.layer_norm_epsilon", 1e-5f).With("olmo.attention.clamp_kqv", 4f).With("olmo.rope.freq_base", 10000f),
        "ffn_norm",
        (name, value) => name.Contains("attn_q.", StringComparison.Ordinal) ? Paired(value, 4)
            : name.Contains("attn_k.", StringComparison.Ordinal) ? Paired(value, 2) : value,
        ("clip_qkv", 4));

    [Fact]
    public void Gemma3ComesBackWithoutTheOneOfItsNorms() => AssertComesBack(
        $$"""
        {"model_type": "gemma3_text", "architectures": ["Gemma3ForCausalLM"], {{Decoder}}, "head_dim": 4, "sliding_window": 5, "rms_norm_eps": 0.5,
         "query_pre_attn_scalar": 4}
        """,
        Sizes("gemma3").With("gemma3.attention.layer_norm_rms_epsilon", 0.5f).With("gemma3.attention.sliding_window", 5u).With("gemma3.rope.freq_base", 1e6f)
            .With("gemma3.attention.key_length", 4u).With("gemma3.attention.value_length", 4u),
        "post_attention_norm",
        (name, value) => name.EndsWith("norm.weight", StringComparison.Ordinal) ? value + 1f : value,
        ("query_pre_attn_scalar", 4), ("sliding_window", 5), ("rope_theta", 1e6), ("rope_local_base_freq", 1e4), ("sliding_window_pattern", 6));

    [Theory]
    [InlineData(0u)]
    [InlineData(7u)]
    public void Phi3ComesBackAndAWindowOfZeroIsNone(uint window) => AssertComesBack(
        $$"""{"model_type": "phi3", "architectures": ["Phi3ForCausalLM"], {{Decoder}}, "rms_norm_eps": 0.5, "tie_word_embeddings": false, "pad_token_id": 0}""",
        Sizes("phi3").With("phi3.attention.layer_norm_rms_epsilon", 0.5f).With("phi3.attention.sliding_window", window).With("phi3.rope.freq_base", 10000f),
        "ffn_norm",
        (_, value) => value,
        ("sliding_window", window == 0 ? null : window));

    [Fact]
    public void BloomComesBackWithItsHeadsTogether() => AssertComesBack(
        """
        {"model_type": "bloom", "architectures": ["BloomForCausalLM"], "vocab_size": 11, "hidden_size": 16, "n_layer": 2, "n_head": 4,
         "layer_norm_epsilon": 0.5}
        """,
        Sizes("bloom").With("bloom.attention.layer_norm_epsilon", 0.5f),
        "ffn_norm",
        (name, value) => name.Contains("attn_qkv", StringComparison.Ordinal) ? value.reshape(4, 3, 4, -1).transpose(0, 1).reshape(value.shape) : value,
        ("layer_norm_epsilon", 0.5));

    private static GgufBytes Sizes(string family)
    {
        var bytes = new GgufBytes().With("general.architecture", family);
        (string Key, uint Value)[] sizes =
        [
            ("block_count", 2), ("context_length", 32), ("embedding_length", 16), ("attention.head_count", 4),
            ("feed_forward_length", family == "bloom" ? 64u : 8),
            ("attention.head_count_kv", family == "bloom" ? 4u : 2),
        ];
        return sizes.Aggregate(bytes, (all, size) => all.With($"{family}.{size.Key}", size.Value));
    }

    /// <summary>Row j · half + i of a head becomes its row 2i + j.</summary>
    private static Tensor Paired(Tensor value, int heads) => value.reshape(heads, 2, value.shape[0] / heads / 2, -1).transpose(1, 2).reshape(value.shape);

    private void AssertComesBack(
        string config, GgufBytes bytes, string behindAttention, Func<string, Tensor, Tensor> converted, params (string Field, double? Value)[] fields)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var model = ModelLoader.Create(ModelConfig.Parse(config, "test"), seed: 3);
        random.manual_seed(5);
        foreach (var (name, parameter) in model.named_parameters())
        {
            parameter.copy_(randint(-64, 64, parameter.shape, dtype: ScalarType.Float32) / 64f); // 1 can be added without rounding
            if (name == "lm_head.weight" && model.Config.GetBoolean("tie_word_embeddings") != false) continue;
            var stored = Renamed.Append(("post_attention_layernorm", behindAttention))
                .Aggregate(name, (text, pair) => text.Replace(pair.Item1, pair.Item2, StringComparison.Ordinal));
            var value = converted(stored, parameter.detach());
            bytes.Floats(stored, value.shape, value.contiguous().data<float>().ToArray());
        }

        File.WriteAllBytes(Path.Combine(folder.Path, "m.gguf"), bytes.ToArray());
        using var read = ModelLoader.Load(folder.Path);

        Assert.Empty(read.Unread);
        Assert.All(fields, field => Assert.Equal(field.Value, read.Config.GetNumber(field.Field)));
        var parameters = read.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        Assert.All(model.named_parameters(), item => Assert.True(item.parameter.allclose(parameters[item.name], 0, 0), item.name));
        var ids = tensor(new long[] { 3, 1, 4, 1, 5, 9, 2 }).unsqueeze(0);
        Assert.True(model.call(new ModelInputs { InputIds = ids }).Logits!.allclose(read.call(new ModelInputs { InputIds = ids }).Logits!, 0, 0));
    }
}
