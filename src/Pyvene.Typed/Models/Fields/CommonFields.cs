using Pyvene.Typed.Descriptors;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Fields;

/// <summary>Lists the fields that any configuration of transformers may have.</summary>
internal static class CommonFields
{
    // Far beyond any model, and small enough that no product of two sizes overflows.
    public const long MostLayers = 10_000;
    public const long Widest = 1 << 20;
    public const long WidestInside = 1 << 24;
    public const long MostLabels = 1_000_000;

    /// <summary>Gets the rules of every architecture.</summary>
    public static IReadOnlyDictionary<string, FieldRule> Rules { get; } = new Dictionary<string, FieldRule>
    {
        ["initializer_range"] = Number(0.02, 0, 1000),
        ["use_cache"] = Flag().OrNull,
        ["problem_type"] = Choice(null, "regression", "single_label_classification", "multi_label_classification").OrNull,
        ["quantization_config"] = Only(),
        ["compression_config"] = Only(),
        ["pruned_heads"] = Only("{}"),
        ["is_encoder_decoder"] = Only("false"),
        ["add_cross_attention"] = Only("false"),
        ["cross_attention_hidden_size"] = Only(),
        ["tie_encoder_decoder"] = Only("false"),
    };

    /// <summary>Gets the rules of architectures that have classifiers as transformers has them.</summary>
    public static IReadOnlyDictionary<string, FieldRule> OfClassifiers { get; } = new Dictionary<string, FieldRule>
    {
        ["id2label"] = Object().OrNull,
        ["num_labels"] = Size(null, MostLabels),
        ["pad_token_id"] = Whole().OrNull,
    };

    /// <summary>Returns the rules of pyvene's own models, the MLP and the GRU.</summary>
    /// <param name="key">The architecture's key; its descriptor says what sizes that are left out are.</param>
    public static IReadOnlyDictionary<string, FieldRule> OfPyvene(string key) => new Dictionary<string, FieldRule>
    {
        ["include_emb"] = Flag(false),
        // The MLP's shows with include_emb alone, so its descriptor has no such size.
        ["vocab_size"] = Size(ArchitectureDescriptor.DefaultOf(key, "vocab_size") ?? 50257),
        ["max_position_embeddings"] = Size(512),
        ["h_dim"] = Size(ArchitectureDescriptor.DefaultOf(key, "h_dim"), Widest),
        ["n_layer"] = Size(ArchitectureDescriptor.DefaultOf(key, "n_layer"), MostLayers),
        ["pdrop"] = Probability(0.3),
        ["include_bias"] = Flag(true),
    };

    /// <summary>Gets the fields that change no number of a forward pass: names, versions, defaults of generation, flags of outputs.</summary>
    public static IReadOnlyList<string> Harmless { get; } =
    [
        "_name_or_path", "_commit_hash", "_attn_implementation", "_attn_implementation_autoset", "attn_implementation", "architectures", "model_type",
        "transformers_version", "torch_dtype", "dtype",
        "id2label", "label2id", "bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "cls_token_id", "mask_token_id", "unk_token_id",
        "decoder_start_token_id",
        "return_dict", "output_hidden_states", "output_attentions", "torchscript", "use_bfloat16", "finetuning_task", "task_specific_params", "tokenizer_class",
        "prefix", "tf_legacy_loss",
        "gradient_checkpointing", "chunk_size_feed_forward", "is_decoder", "license", "language",
        "max_length", "max_new_tokens", "min_length", "min_new_tokens", "do_sample", "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty",
        "temperature", "top_k", "top_p", "min_p",
        "typical_p", "epsilon_cutoff", "eta_cutoff", "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size",
        "bad_words_ids", "num_return_sequences",
        "output_scores", "return_dict_in_generate", "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values", "exponential_decay_length_penalty",
        "suppress_tokens", "begin_suppress_tokens",
    ];
}
