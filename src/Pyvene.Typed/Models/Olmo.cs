// Reproduces transformers 4.57.6, models/olmo/modeling_olmo.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>
/// Describes OLMo, whose norms learn nothing, and which may bound queries, keys and values. Source: Groeneveld et al., OLMo: Accelerating the Science of
/// Language Models, 2024.
/// </summary>
internal static class OlmoArchitecture
{
    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "olmo",
        ClassPrefix = "Olmo",
        HasClassifier = false,
        Read = Settings,
        Fields = DecoderFields.Create(
            "olmo", new(), new() { ["attention_bias"] = Flag(false), ["clip_qkv"] = Positive().OrNull, ["rms_norm_eps"] = Unsaid(1e-5) }),
    };

    private static DecoderSettings Settings(ModelConfig config)
    {
        var settings = DecoderSettings.Read(config).WithoutWindows();
        return settings with
        {
            HasProjectionBias = config.Flag("attention_bias"),
            HasOutputBias = config.Flag("attention_bias"),
            ProjectionBound = config.GetNumber("clip_qkv"),
            CentresNorms = true,
            NormsHaveWeight = false,
            NormsHaveBias = false,
            Rotary = settings.Rotary! with { TurnsInFloat32 = true },
        };
    }
}
