// Reproduces transformers 4.57.6, models/gemma2/modeling_gemma2.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>
/// Describes Gemma 2, whose blocks have attention and MLP each between two norms. Source: Gemma Team, Gemma 2: Improving Open Language Models at a Practical
/// Size, 2024.
/// </summary>
internal static class Gemma2Architecture
{
    private static readonly DecoderDefaults Defaults = new() { Activation = "gelu_pytorch_tanh", TiesHead = true };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gemma2",
        ClassPrefix = "Gemma2",
        Parts = new() { AttentionEndNorm = "post_attention_layernorm", MlpNorm = "pre_feedforward_layernorm", MlpEndNorm = "post_feedforward_layernorm" },
        Read = config => DecoderSettings.Read(config).WithWindows(config.GetInteger("sliding_window"), layer => layer % 2 == 0) with
        {
            HasProjectionBias = config.Flag("attention_bias"),
            HasOutputBias = config.Flag("attention_bias"),
            NormsCountFromOne = true,
            ScalesEmbeddings = true,
            ScoreScale = 1 / Math.Sqrt(config.Number("query_pre_attn_scalar")),
            ScoreCap = config.GetNumber("attn_logit_softcapping"),
            LogitCap = config.GetNumber("final_logit_softcapping"),
        },
        Fields = DecoderFields.Create("gemma2", Defaults, new()
        {
            ["hidden_act"] = Activation(Defaults.Activation).Under("hidden_activation"),
            ["attention_bias"] = Flag(false),
            ["sliding_window"] = Size(4096).OrNull,
            ["query_pre_attn_scalar"] = Positive(256),
            ["attn_logit_softcapping"] = Positive(50).OrNull,
            ["final_logit_softcapping"] = Positive(30).OrNull,
        }, "hidden_act"), // written into its files and read by nothing there
    };
}
