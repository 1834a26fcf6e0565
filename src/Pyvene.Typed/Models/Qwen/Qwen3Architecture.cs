// Reproduces transformers 4.57.6, models/qwen3/modeling_qwen3.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Qwen;

/// <summary>Describes Qwen3. Source: Yang et al., Qwen3 Technical Report, 2025.</summary>
internal static class Qwen3Architecture
{
    private static readonly DecoderDefaults Defaults = new() { VocabSize = 151936, InnerWidth = 22016, KeyHeadCount = 32, HeadWidth = 128, PositionCount = 32768 };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "qwen3",
        ClassPrefix = "Qwen3",
        Fields = DecoderFields.Create(Defaults, new(Qwen2Architecture.WindowFields) { ["attention_bias"] = Flag(false) }),
        CreateBody = (architecture, config, device) =>
        {
            var hasBias = config.Flag("attention_bias");
            var settings = DecoderSettings.Read(config).WithQwenWindows() with { NormsHeads = true, HasProjectionBias = hasBias, HasOutputBias = hasBias };
            return new RotaryDecoder(architecture, settings, device, layer => new DecoderBlock(settings, layer, device));
        },
    };
}
