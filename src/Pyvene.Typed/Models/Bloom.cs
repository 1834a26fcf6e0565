// Reproduces transformers 4.57.6, models/bloom/modeling_bloom.py.
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>Describes BLOOM. Source: BigScience Workshop, BLOOM: A 176B-Parameter Open-Access Multilingual Language Model, 2022.</summary>
internal static class BloomArchitecture
{
    private static readonly AttentionParts AttentionParts = new()
    {
        Fused = "query_key_value", IsGrouped = true, Output = "dense", Weights = "attention_dropout", Dropout = "hidden_dropout",
    };

    private static readonly MlpParts MlpParts = new()
    {
        Gate = null, Up = "dense_h_to_4h", Down = "dense_4h_to_h", Activation = "gelu_impl", Dropout = "hidden_dropout",
    };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "bloom",
        ClassPrefix = "Bloom",
        Parts = new()
        {
            Body = "transformer", Tokens = "word_embeddings", EmbeddingNorm = "word_embeddings_layernorm", Blocks = "h", FinalNorm = "ln_f",
            Attention = "self_attention",
        },
        CreateAttention = (settings, layer, weights) => new DecoderAttention(settings, layer, weights, AttentionParts),
        CreateMlp = (settings, weights) => new DecoderMlp(settings, weights, MlpParts),
        Read = Settings,
        Fields = DecoderFields.CreateUnturned("bloom", new() { TiesHead = true }, new()
        {
            ["num_hidden_layers"] = Size(ArchitectureDescriptor.DefaultOf("bloom", "num_hidden_layers"), MostLayers).Or("n_layer"),
            ["num_attention_heads"] = Size(ArchitectureDescriptor.DefaultOf("bloom", "num_attention_heads"), Widest).Or("n_head"),
            ["hidden_size"] = Size(ArchitectureDescriptor.DefaultOf("bloom", "hidden_size"), Widest).Or("n_embed"),
            ["n_inner"] = Only(),
            ["intermediate_size"] = Unsaid(null), // four times the width
            ["hidden_act"] = Unsaid("gelu_new"),
            ["rms_norm_eps"] = Epsilon(1e-5).Under("layer_norm_epsilon"),
            ["hidden_dropout"] = Probability(0),
            ["apply_residual_connection_post_layernorm"] = Only("false"),
            ["pretraining_tp"] = Whole(), // how training was shared out
        }, "slow_but_exact", "attention_softmax_in_fp32", "bias_dropout_fusion", "masked_softmax_fusion", "offset_alibi", "seq_length", "skip_bias_add",
            "skip_bias_add_qkv"),
    };

    private static DecoderSettings Settings(ModelConfig config)
    {
        var settings = DecoderSettings.ReadUnturned(config);
        return settings with
        {
            Biases = new(settings.HeadCount),
            HasProjectionBias = true,
            HasOutputBias = true,
            HasMlpBias = true,
            CentresNorms = true,
            HiddenDropout = config.Number("hidden_dropout"),
        };
    }
}
