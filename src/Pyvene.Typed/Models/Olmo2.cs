// Reproduces transformers 4.57.6, models/olmo2/modeling_olmo2.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>
/// Describes OLMo 2, whose norms stand behind attention and MLP, and which norms queries and keys, all heads together. Source: Team OLMo, 2 OLMo 2 Furious,
/// 2025.
/// </summary>
internal static class Olmo2Architecture
{
    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "olmo2",
        ClassPrefix = "Olmo2",
        HasClassifier = false,
        Parts = new() { AttentionNorm = null, AttentionEndNorm = "post_attention_layernorm", MlpNorm = null, MlpEndNorm = "post_feedforward_layernorm" },
        Read = Settings,
        Fields = DecoderFields.Create("olmo2", new() { NormEpsilon = 1e-5 }, new() { ["attention_bias"] = Flag(false) }),
    };

    private static DecoderSettings Settings(ModelConfig config)
    {
        var settings = DecoderSettings.Read(config).WithoutWindows();
        return settings with
        {
            HasProjectionBias = config.Flag("attention_bias"),
            HasOutputBias = config.Flag("attention_bias"),
            NormsProjections = true,
            NormsWeighInFloat32 = true,
            Rotary = settings.Rotary! with { TurnsInFloat32 = true },
        };
    }
}
