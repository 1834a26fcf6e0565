// Reproduces transformers 4.57.6, models/gemma3/modeling_gemma3.py (text), with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>
/// Describes Gemma 3's text model, which norms queries and keys, and whose layers with a window turn by a base of their own. Source: Gemma Team, Gemma 3
/// Technical Report, 2025.
/// </summary>
internal static class Gemma3Architecture
{
    private static readonly DecoderDefaults Defaults = new() { Activation = "gelu_pytorch_tanh", TiesHead = true };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gemma3_text",
        ClassPrefix = "Gemma3",
        BodyClass = "Gemma3TextModel",
        HasClassifier = false,
        Parts = new() { AttentionEndNorm = "post_attention_layernorm", MlpNorm = "pre_feedforward_layernorm", MlpEndNorm = "post_feedforward_layernorm" },
        Read = Settings,
        Fields = DecoderFields.Create("gemma3_text", Defaults, new()
        {
            ["hidden_act"] = Activation(Defaults.Activation).Under("hidden_activation"),
            ["attention_bias"] = Flag(false),
            ["sliding_window"] = Size(4096).OrNull,
            ["sliding_window_pattern"] = Size(6),
            ["query_pre_attn_scalar"] = Positive(256),
            ["attn_logit_softcapping"] = Number(null, -1e30, 1e30).OrNull, // written into its files and read by nothing there
            ["final_logit_softcapping"] = Positive().OrNull,
            ["rope_theta"] = Positive(1e6),
            ["rope_local_base_freq"] = Positive(1e4),
        }, "_sliding_window_pattern", "hidden_act"), // written into its files and read by nothing there
    };

    private static DecoderSettings Settings(ModelConfig config)
    {
        var pattern = config.Size("sliding_window_pattern");
        var settings = DecoderSettings.Read(config).WithWindows(config.GetInteger("sliding_window"), layer => (layer + 1) % pattern != 0);
        return settings with
        {
            HasProjectionBias = config.Flag("attention_bias"),
            HasOutputBias = config.Flag("attention_bias"),
            NormsHeads = true,
            NormsHeadsInFront = true,
            NormsCountFromOne = true,
            ScalesTokens = true,
            ScoreScale = 1 / Math.Sqrt(config.Number("query_pre_attn_scalar")),
            LogitCap = config.GetNumber("final_logit_softcapping"),
            WindowRotary = settings.Rotary! with { Base = config.Number("rope_local_base_freq"), Scaling = new Layers.RotaryScaling.None() },
        };
    }
}
