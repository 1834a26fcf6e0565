// Reproduces transformers 4.57.6, models/gpt_neox/modeling_gpt_neox.py, with eager attention's numbers.
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>Describes GPT-NeoX, which Pythia is too. Source: Black et al., GPT-NeoX-20B, 2022.</summary>
internal static class GPTNeoXArchitecture
{
    private static readonly AttentionParts AttentionParts = new() { Fused = "query_key_value", IsGrouped = true, Output = "dense" };

    private static readonly MlpParts MlpParts = new() { Gate = null, Up = "dense_h_to_4h", Down = "dense_4h_to_h", Activation = "act" };

    /// <summary>Gets the architecture; its old checkpoints carry the causal mask of every layer.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gpt_neox",
        ClassPrefix = "GPTNeoX",
        Parts = new()
        {
            Body = "gpt_neox", Head = "embed_out", Tokens = "embed_in", Dropout = "emb_dropout", FinalNorm = "final_layer_norm",
            Attention = "attention", AttentionEndDropout = "post_attention_dropout", MlpEndDropout = "post_mlp_dropout",
        },
        CreateAttention = (settings, layer, weights) => new DecoderAttention(settings, layer, weights, AttentionParts),
        CreateMlp = (settings, weights) => new DecoderMlp(settings, weights, MlpParts),
        IgnoredEndings = [".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"],
        Read = Read,
        Fields = DecoderFields.Create("gpt_neox", new() { Activation = "gelu" }, new()
        {
            ["layer_norm_eps"] = Epsilon(1e-5),
            ["rotary_pct"] = Probability(null),
            ["rotary_emb_base"] = Positive(),
            ["attention_bias"] = Flag(true),
            ["hidden_dropout"] = Probability(0),
            ["use_parallel_residual"] = Flag(true),
        }, "classifier_dropout"),
    };

    private static DecoderSettings Read(ModelConfig config)
    {
        // Every head has keys of its own, whatever else a file says.
        var own = config.With("""{"num_key_value_heads": null, "head_dim": null}""");
        var settings = DecoderSettings.Read(own, Rotary).WithoutWindows() with { Source = config };
        if (settings.HeadWidth * settings.HeadCount != settings.Width)
        {
            throw new CheckpointException(config.Origin, $"'hidden_size' must be a multiple of 'num_attention_heads', but is {settings.Width} with "
                + $"{settings.HeadCount} heads.");
        }

        return settings with
        {
            CentresNorms = true,
            NormEpsilon = config.Number("layer_norm_eps"),
            HasProjectionBias = config.Flag("attention_bias"),
            HasOutputBias = config.Flag("attention_bias"),
            HasMlpBias = true,
            EmbeddingDropout = config.Number("hidden_dropout"),
            HiddenDropout = config.Number("hidden_dropout"),
            IsParallel = config.Flag("use_parallel_residual"),
        };

        RotarySettings Rotary(long headWidth) =>
            RotaryFields.Read(config, headWidth, ["rotary_emb_base", "rope_theta"], ["rotary_pct", "partial_rotary_factor"], fallbackPart: 0.25);
    }
}
