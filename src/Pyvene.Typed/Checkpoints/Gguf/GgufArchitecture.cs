using static Pyvene.Typed.Checkpoints.Gguf.GgufForm;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Says how llama.cpp's files of an architecture relate to Hugging Face's.</summary>
/// <remarks>Source: llama.cpp, convert_hf_to_gguf.py and gguf-py's constants.py.</remarks>
/// <param name="Key">Its <c>general.architecture</c>.</param>
/// <param name="ModelType">Its <c>model_type</c>.</param>
/// <param name="ClassName">The class of its language models.</param>
/// <param name="Names">What its weights are called.</param>
/// <param name="Sizes">The keys of its metadata behind <c>Key.</c>, with the fields that they stand for; one that may be absent ends with '?', and one that
/// only the shapes of tensors or <see cref="More"/> check has no field.</param>
internal sealed record GgufArchitecture(
    string Key, string ModelType, string ClassName, IReadOnlyList<GgufName> Names, IReadOnlyList<(string Key, string Field)> Sizes)
{
    /// <summary>Gets what else its configuration says.</summary>
    public Func<GgufModel, IEnumerable<(string Field, object? Value)>> More { get; init; } = _ => [];

    /// <summary>Gets the architectures.</summary>
    public static IReadOnlyList<GgufArchitecture> All { get; } =
    [
        new("llama", "llama", "LlamaForCausalLM", [.. Decoder(QueryPairs, KeyPairs), Norm("attn_norm", "input_layernorm"), MlpNorm()], DecoderSizes())
        {
            More = model => [("attention_bias", model.Has("blk.0.attn_q.bias")), ("mlp_bias", model.Has("blk.0.ffn_up.bias"))],
        },
        new("qwen2", "qwen2", "Qwen2ForCausalLM", [.. Decoder(), Norm("attn_norm", "input_layernorm"), MlpNorm()], DecoderSizes()),
        new("qwen3", "qwen3", "Qwen3ForCausalLM", [.. Decoder(), .. HeadNorms(), Norm("attn_norm", "input_layernorm"), MlpNorm()], DecoderSizes()),
        new("olmo2", "olmo2", "Olmo2ForCausalLM",
            [.. Decoder(), .. HeadNorms(), Norm("post_attention_norm", "post_attention_layernorm"), Norm("post_ffw_norm", "post_feedforward_layernorm")],
            DecoderSizes()),
        new("gemma", "gemma", "GemmaForCausalLM",
            [.. Decoder(norm: PlusOne), Norm("attn_norm", "input_layernorm", PlusOne), MlpNorm(PlusOne)], DecoderSizes()),
        new("gemma2", "gemma2", "Gemma2ForCausalLM",
            [
                .. Decoder(norm: PlusOne), Norm("attn_norm", "input_layernorm", PlusOne), Norm("post_attention_norm", "post_attention_layernorm", PlusOne),
                Norm("ffn_norm", "pre_feedforward_layernorm", PlusOne), Norm("post_ffw_norm", "post_feedforward_layernorm", PlusOne),
            ],
            [
                .. DecoderSizes(), ("attn_logit_softcapping", "attn_logit_softcapping"), ("final_logit_softcapping", "final_logit_softcapping"),
                ("attention.sliding_window", "sliding_window"),
            ])
        {
            // As llama.cpp has it: the 27B, known by its layers, divides by the width of the model a head; the others by the width of a head.
            More = model => [("query_pre_attn_scalar", model.Whole("block_count") == 46
                ? model.Whole("embedding_length") / model.Whole("attention.head_count") : model.HeadWidth)],
        },
        new("gemma3", "gemma3_text", "Gemma3ForCausalLM",
            [
                .. Decoder(norm: PlusOne), .. HeadNorms(PlusOne), Norm("attn_norm", "input_layernorm", PlusOne),
                Norm("post_attention_norm", "post_attention_layernorm", PlusOne), Norm("ffn_norm", "pre_feedforward_layernorm", PlusOne),
                Norm("post_ffw_norm", "post_feedforward_layernorm", PlusOne),
            ],
            [
                .. DecoderSizes(), ("final_logit_softcapping?", "final_logit_softcapping"), ("attention.sliding_window", "sliding_window"),
                ("attention.sliding_window_pattern?", "sliding_window_pattern"), ("rope.freq_base_swa?", "rope_local_base_freq"),
            ])
        {
            // As for Gemma 2; the 27B has 62 layers.
            More = model => [("query_pre_attn_scalar", model.Whole("block_count") == 62
                ? model.Whole("embedding_length") / model.Whole("attention.head_count") : model.HeadWidth)],
        },
        new("olmo", "olmo", "OlmoForCausalLM", Decoder(QueryPairs, KeyPairs),
            [.. Common(), ("feed_forward_length", "intermediate_size"), ("attention.clamp_kqv?", "clip_qkv"), ("attention.layer_norm_epsilon", "")])
        {
            More = model => model.Only("attention.layer_norm_epsilon", 1e-5), // its norms have no other
        },
        new("phi3", "phi3", "Phi3ForCausalLM",
            [
                new("token_embd", "model.embed_tokens"), new("output_norm", "model.norm"), new("output", "lm_head"),
                .. Block("model.layers.*.", ("attn_norm", "input_layernorm"), ("attn_qkv", "self_attn.qkv_proj"), ("attn_output", "self_attn.o_proj"),
                    ("ffn_norm", "post_attention_layernorm"), ("ffn_up", "mlp.gate_up_proj"), ("ffn_down", "mlp.down_proj")),
            ],
            [.. DecoderSizes(), ("attention.sliding_window?", "sliding_window")])
        {
            More = model => [("sliding_window", model.Whole("attention.sliding_window", optional: true) is > 0 and var window ? window : null)], // 0 = none
        },
        new("bloom", "bloom", "BloomForCausalLM",
            [
                new("token_embd", "transformer.word_embeddings"), new("token_embd_norm", "transformer.word_embeddings_layernorm"),
                new("output_norm", "transformer.ln_f"), new("output", "lm_head"),
                .. Block("transformer.h.*.", ("attn_norm", "input_layernorm"), ("attn_output", "self_attention.dense"),
                    ("ffn_norm", "post_attention_layernorm"), ("ffn_up", "mlp.dense_h_to_4h"), ("ffn_down", "mlp.dense_4h_to_h")),
                new("blk.attn_qkv", "transformer.h.*.self_attention.query_key_value", HeadsApart),
            ],
            [
                ("block_count", "n_layer"), ("context_length", "seq_length"), ("embedding_length", "hidden_size"), ("attention.head_count", "n_head"),
                ("attention.layer_norm_epsilon", "layer_norm_epsilon"), ("feed_forward_length", ""),
            ]),
        new("gptneox", "gpt_neox", "GPTNeoXForCausalLM",
            [
                new("token_embd", "gpt_neox.embed_in"), new("output_norm", "gpt_neox.final_layer_norm"), new("output", "embed_out"),
                .. Block("gpt_neox.layers.*.", ("attn_norm", "input_layernorm"), ("attn_output", "attention.dense"), ("ffn_norm", "post_attention_layernorm"),
                    ("ffn_up", "mlp.dense_h_to_4h"), ("ffn_down", "mlp.dense_4h_to_h")),
                new("blk.attn_qkv", "gpt_neox.layers.*.attention.query_key_value", HeadsApart),
            ],
            [
                .. Common(), ("feed_forward_length", "intermediate_size"), ("attention.layer_norm_epsilon", "layer_norm_eps"),
                ("use_parallel_residual", "use_parallel_residual"),
            ])
        {
            More = model => [("attention_bias", model.Has("blk.0.attn_qkv.bias"))],
        },
        new("gpt2", "gpt2", "GPT2LMHeadModel",
            [
                new("token_embd", "transformer.wte"), new("position_embd", "transformer.wpe"), new("output_norm", "transformer.ln_f"), new("output", "lm_head"),
                .. Block("transformer.h.*.", ("attn_norm", "ln_1"), ("ffn_norm", "ln_2")),
                new("blk.attn_qkv", "transformer.h.*.attn.c_attn", Turned), new("blk.attn_output", "transformer.h.*.attn.c_proj", Turned),
                new("blk.ffn_up", "transformer.h.*.mlp.c_fc", Turned), new("blk.ffn_down", "transformer.h.*.mlp.c_proj", Turned),
            ],
            [
                ("block_count", "n_layer"), ("context_length", "n_positions"), ("embedding_length", "n_embd"), ("attention.head_count", "n_head"),
                ("feed_forward_length", "n_inner"), ("attention.layer_norm_epsilon", "layer_norm_epsilon"),
            ]),
    ];

    private static (string, string)[] Common() =>
    [
        ("block_count", "num_hidden_layers"), ("context_length", "max_position_embeddings"), ("embedding_length", "hidden_size"),
        ("attention.head_count", "num_attention_heads"), ("rope.freq_base?", "rope_theta"),
    ];

    private static (string, string)[] DecoderSizes() =>
    [
        .. Common(), ("feed_forward_length", "intermediate_size"), ("attention.layer_norm_rms_epsilon", "rms_norm_eps"),
        ("expert_count?", "num_local_experts"),
    ];

    private static GgufName[] Decoder(GgufForm query = Same, GgufForm key = Same, GgufForm norm = Same) =>
    [
        new("token_embd", "model.embed_tokens"), new("output_norm", "model.norm", norm), new("output", "lm_head"),
        new("blk.attn_q", "model.layers.*.self_attn.q_proj", query), new("blk.attn_k", "model.layers.*.self_attn.k_proj", key),
        .. Block("model.layers.*.", ("attn_v", "self_attn.v_proj"), ("attn_output", "self_attn.o_proj"), ("ffn_gate", "mlp.gate_proj"),
            ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj")),
    ];

    private static GgufName[] HeadNorms(GgufForm form = Same) => [Norm("attn_q_norm", "self_attn.q_norm", form), Norm("attn_k_norm", "self_attn.k_norm", form)];

    private static GgufName MlpNorm(GgufForm form = Same) => Norm("ffn_norm", "post_attention_layernorm", form);

    private static GgufName Norm(string stored, string name, GgufForm form = Same) => new($"blk.{stored}", $"model.layers.*.{name}", form);

    private static IEnumerable<GgufName> Block(string prefix, params (string Stored, string Name)[] names) =>
        names.Select(name => new GgufName($"blk.{name.Stored}", prefix + name.Name));
}
