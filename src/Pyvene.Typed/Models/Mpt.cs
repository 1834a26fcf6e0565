// Reproduces transformers 4.57.6, models/mpt/modeling_mpt.py.
using System.Text.Json;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.CommonFields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>Describes MPT. Source: MosaicML, Introducing MPT-7B, 2023.</summary>
internal static class MptArchitecture
{
    private static readonly AttentionParts AttentionParts = new() { Fused = "Wqkv", Output = "out_proj" };

    private static readonly MlpParts MlpParts = new() { Gate = null, Activation = "act", Dropout = "hidden_dropout" };

    // Of attn_config. Other biases than those of 8 are stored there and read by nothing.
    private static readonly Dictionary<string, FieldRule> AttentionFields = new(StringComparer.Ordinal)
    {
        ["alibi"] = Only("true"),
        ["alibi_bias_max"] = Only("8"),
        ["attn_type"] = Only("\"multihead_attention\""),
        ["attn_uses_sequence_id"] = Only("false"),
        ["attn_pdrop"] = Probability(null),
        ["clip_qkv"] = Positive().OrNull,
        ["softmax_scale"] = Positive().OrNull,
        ["qk_ln"] = Only("false"),
        ["prefix_lm"] = Only("false"),
    };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "mpt",
        ClassPrefix = "Mpt",
        Parts = new()
        {
            Body = "transformer", Tokens = "wte", Blocks = "blocks", FinalNorm = "norm_f", AttentionNorm = "norm_1", Attention = "attn",
            AttentionEndDropout = "resid_attn_dropout", MlpNorm = "norm_2", Mlp = "ffn",
        },
        CreateAttention = (settings, layer, weights) => new DecoderAttention(settings, layer, weights, AttentionParts),
        CreateMlp = (settings, weights) => new DecoderMlp(settings, weights, MlpParts),
        Read = Settings,
        Fields = DecoderFields.CreateUnturned("mpt", new() { TiesHead = true }, new()
        {
            ["num_hidden_layers"] = Size(ArchitectureDescriptor.DefaultOf("mpt", "num_hidden_layers"), MostLayers).Or("n_layers"),
            ["num_attention_heads"] = Size(ArchitectureDescriptor.DefaultOf("mpt", "num_attention_heads"), Widest).Or("n_heads"),
            ["hidden_size"] = Size(ArchitectureDescriptor.DefaultOf("mpt", "hidden_size"), Widest).Or("d_model"),
            ["max_position_embeddings"] = Size(ArchitectureDescriptor.DefaultOf("mpt", "max_position_embeddings")).Under("max_seq_len"),
            ["intermediate_size"] = Unsaid(null), // four times the width, whatever expansion_ratio says
            ["hidden_act"] = Unsaid("gelu"),
            ["attention_dropout"] = Unsaid(0),
            ["rms_norm_eps"] = Epsilon(1e-5).Under("layer_norm_epsilon"),
            ["attn_config"] = Object().OrNull,
            ["no_bias"] = Only("true"),
            ["logit_scale"] = Only(),
            ["norm_type"] = Only("\"low_precision_layernorm\""),
        }, "expansion_ratio", "learned_pos_emb", "emb_pdrop", "resid_pdrop", "embedding_fraction", "init_device", "init_config", "verbose", "attn_impl"),
    };

    private static DecoderSettings Settings(ModelConfig config)
    {
        var attention = config.GetElement("attn_config") is { ValueKind: JsonValueKind.Object } fields ? fields : default;
        foreach (var (name, rule) in AttentionFields)
        {
            if (Field(name) is { } value && rule.Problem($"attn_config.{name}", value) is { } problem)
            {
                throw new CheckpointException(config.Origin, problem) { IsUnsupported = rule.IsNeutral };
            }
        }

        var settings = DecoderSettings.ReadUnturned(config);
        return settings with
        {
            Biases = new(settings.HeadCount) { CountsPadding = true },
            PositionCount = config.Size("max_position_embeddings"),
            ScoreScale = Number("softmax_scale") ?? settings.ScoreScale,
            ProjectionBound = Number("clip_qkv"),
            CentresNorms = true,
            NormsHaveBias = false,
            AttentionDropout = Number("attn_pdrop") ?? 0,
            HiddenDropout = Number("attn_pdrop") ?? 0,
        };

        JsonElement? Field(string name) => attention.ValueKind == JsonValueKind.Object && attention.TryGetProperty(name, out var value) ? value : null;

        double? Number(string name) => Field(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
    }
}
