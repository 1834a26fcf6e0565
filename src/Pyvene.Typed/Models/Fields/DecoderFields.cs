using Pyvene.Typed.Descriptors;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Makes the tables of decoders of Llama's kind, which share most fields.</summary>
internal static class DecoderFields
{
    /// <summary>Returns the table of an architecture.</summary>
    /// <param name="key">The architecture's key; its descriptor says what sizes that are left out are.</param>
    /// <param name="defaults">What other absent fields stand for.</param>
    /// <param name="own">Its own fields; they come before the shared ones.</param>
    /// <param name="harmless">Its own fields that change no number here.</param>
    public static ConfigTable Create(string key, DecoderDefaults defaults, Dictionary<string, FieldRule> own, params string[] harmless) =>
        new([.. OfClassifiers, .. Unsupported, .. Shared(key, defaults), .. Turned(key), .. own], harmless) { LayerField = "num_hidden_layers" };

    /// <summary>Returns the table of an architecture without rotary positions, in which every query head has its own key head.</summary>
    /// <param name="key">The architecture's key; its descriptor says what sizes that are left out are.</param>
    /// <param name="defaults">What other absent fields stand for.</param>
    /// <param name="own">Its own fields; they come before the shared ones.</param>
    /// <param name="harmless">Its own fields that change no number here.</param>
    public static ConfigTable CreateUnturned(string key, DecoderDefaults defaults, Dictionary<string, FieldRule> own, params string[] harmless) =>
        new([.. OfClassifiers, .. Unsupported, .. Shared(key, defaults), .. own], harmless) { LayerField = "num_hidden_layers" };

    private static Dictionary<string, FieldRule> Shared(string key, DecoderDefaults defaults) => new()
    {
        ["vocab_size"] = Size(ArchitectureDescriptor.DefaultOf(key, "vocab_size")),
        ["hidden_size"] = Size(ArchitectureDescriptor.DefaultOf(key, "hidden_size"), Widest),
        ["num_hidden_layers"] = Size(ArchitectureDescriptor.DefaultOf(key, "num_hidden_layers"), MostLayers),
        ["num_attention_heads"] = Size(ArchitectureDescriptor.DefaultOf(key, "num_attention_heads"), Widest),
        ["intermediate_size"] = Size(ArchitectureDescriptor.DefaultOf(key, "intermediate_size"), WidestInside),
        ["max_position_embeddings"] = Size(ArchitectureDescriptor.DefaultOf(key, "max_position_embeddings")),
        ["hidden_act"] = Activation(defaults.Activation),
        ["rms_norm_eps"] = Epsilon(defaults.NormEpsilon),
        ["attention_dropout"] = Probability(0),
        ["tie_word_embeddings"] = Flag(defaults.TiesHead),
    };

    private static Dictionary<string, FieldRule> Turned(string key) => new()
    {
        ["num_key_value_heads"] = Size(ArchitectureDescriptor.DefaultOf(key, "num_key_value_heads"), Widest).OrNull,
        ["head_dim"] = ArchitectureDescriptor.DefaultOf(key, "head_dim") is { } width ? Size(width, Widest) : Size(null, Widest).OrNull,
        ["rope_theta"] = Positive(),
        ["rope_scaling"] = Object().OrNull,
        ["rope_parameters"] = Object().OrNull,
        ["original_max_position_embeddings"] = Size(),
        ["partial_rotary_factor"] = Probability(null),
        ["layer_types"] = List().OrNull,
    };

    /// <summary>Gets what other models of this kind have and those here do not: each with the values that change nothing.</summary>
    private static Dictionary<string, FieldRule> Unsupported { get; } = new()
    {
        ["pretraining_tp"] = Only("1", "0"),
        ["mlp_bias"] = Only("false"),
        ["attention_chunk_size"] = Only(),
        ["no_rope_layers"] = Only("[]"),
        ["no_rope_layer_interval"] = Only(),
        ["mlp_only_layers"] = Only("[]"),
        ["num_experts"] = Only("0"),
        ["num_local_experts"] = Only("0"),
        ["n_routed_experts"] = Only("0"),
        ["num_experts_per_tok"] = Only("0"),
        ["decoder_sparse_step"] = Only("1"),
        ["attn_logit_softcapping"] = Only(),
        ["final_logit_softcapping"] = Only(),
        ["query_pre_attn_scalar"] = Only(),
        ["logit_scale"] = Only("1"),
        ["logits_scaling"] = Only("1"),
        ["logits_scale"] = Only("1"),
        ["lm_head_multiplier"] = Only("1"),
        ["embedding_multiplier"] = Only("1"),
        ["residual_multiplier"] = Only("1"),
        ["attention_multiplier"] = Only(),
        ["scale_emb"] = Only("1"),
        ["scale_depth"] = Only(),
        ["dim_model_base"] = Only(),
        ["embed_scale"] = Only("1"),
        ["clip_qkv"] = Only(),
        ["qk_norm"] = Only("false"),
        ["qk_layernorm"] = Only("false"),
        ["use_qk_norm"] = Only("false"),
        ["alibi"] = Only("false"),
        ["rope_interleaved"] = Only("false"),
        ["rope_interleave"] = Only("false"),
        ["rope_local_base_freq"] = Only(),
        ["use_bidirectional_attention"] = Only("false"),
        ["is_causal"] = Only("true"),
        ["position_embedding_type"] = Only("\"rope\"", "\"rotary\""),
    };
}
