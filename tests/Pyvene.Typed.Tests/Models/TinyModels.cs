using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>A model of a few thousand random weights of every architecture of text models.</summary>
internal static class TinyModels
{
    private const string Shared =
        """
        "vocab_size": 53, "hidden_size": 16, "num_attention_heads": 4, "num_hidden_layers": 3, "intermediate_size": 24, "max_position_embeddings": 32,
        "ffn_dim": 24, "initializer_range": 0.4, "init_std": 0.4, "pad_token_id": 0
        """;

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["LlamaForCausalLM"] = """ "model_type": "llama", "num_key_value_heads": 2 """,
        ["MistralForCausalLM"] = """ "model_type": "mistral", "num_key_value_heads": 2, "sliding_window": 4 """,
        ["MixtralForCausalLM"] = """ "model_type": "mixtral", "num_key_value_heads": 2, "num_local_experts": 4, "sliding_window": 4 """,
        ["GptOssForCausalLM"] =
            """ "model_type": "gpt_oss", "num_key_value_heads": 2, "head_dim": 6, "num_local_experts": 4, "num_experts_per_tok": 2, "sliding_window": 4 """,
        ["Qwen2ForCausalLM"] = """ "model_type": "qwen2", "num_key_value_heads": 2, "tie_word_embeddings": true """,
        ["Qwen3ForCausalLM"] = """ "model_type": "qwen3", "num_key_value_heads": 1, "head_dim": 6 """,
        ["Gemma2ForCausalLM"] = """ "model_type": "gemma2", "num_key_value_heads": 2, "head_dim": 6, "sliding_window": 4 """,
        ["Olmo2ForCausalLM"] = """ "model_type": "olmo2", "num_key_value_heads": 2 """,
        ["OlmoForCausalLM"] = """ "model_type": "olmo", "num_key_value_heads": 2, "clip_qkv": 0.5 """,
        ["GemmaForCausalLM"] = """ "model_type": "gemma", "num_key_value_heads": 1, "head_dim": 6 """,
        ["Gemma3ForCausalLM"] = """ "model_type": "gemma3_text", "num_key_value_heads": 2, "head_dim": 6, "sliding_window": 4, "rope_local_base_freq": 50 """,
        ["Phi3ForCausalLM"] = """ "model_type": "phi3", "num_key_value_heads": 2, "partial_rotary_factor": 0.5 """,
        ["GPTNeoForCausalLM"] = """ "model_type": "gpt_neo", "attention_types": [[["global", "local", "global"], 1]], "window_size": 4 """,
        ["BloomForCausalLM"] = """ "model_type": "bloom" """,
        ["FalconForCausalLM"] = """ "model_type": "falcon" """,
        ["MptForCausalLM"] = """ "model_type": "mpt" """,
        ["OPTForCausalLM"] = """ "model_type": "opt", "word_embed_proj_dim": 12, "do_layer_norm_before": false """,
        ["GPTNeoXForCausalLM"] = """ "model_type": "gpt_neox", "rotary_pct": 0.5 """,
    };

    /// <summary>The class names of the language models but GPT-2.</summary>
    public static IEnumerable<string> LanguageModelNames => Fields.Keys;

    /// <summary>The language models but GPT-2, which has tests of its own.</summary>
    public static TheoryData<string> LanguageModels => [.. Fields.Keys];

    /// <summary>The configuration, as a checkpoint has it.</summary>
    public static string Config(string className) => $"{{ \"architectures\": [\"{className}\"], {Shared}, {Fields[className]} }}";

    public static PretrainedModel Create(string className, Device? device = null) =>
        ModelLoader.Create(ModelConfig.Parse(Config(className), "tiny"), className, seed: 7, device);
}
