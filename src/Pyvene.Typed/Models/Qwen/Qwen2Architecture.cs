// Reproduces transformers 4.57.6, models/qwen2/modeling_qwen2.py, with eager attention's numbers.
using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models.Qwen;

/// <summary>Describes Qwen2, which Qwen2.5 is too. Source: Yang et al., Qwen2 Technical Report, 2024.</summary>
internal static class Qwen2Architecture
{
    private static readonly DecoderDefaults Defaults = new() { VocabSize = 151936, InnerWidth = 22016, KeyHeadCount = 32, PositionCount = 32768 };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "qwen2",
        ClassPrefix = "Qwen2",
        CreateBody = (architecture, config, device) =>
        {
            var settings = DecoderSettings.Read(config, Defaults).WithQwenWindows(config) with { HasProjectionBias = true };
            return new RotaryDecoder(architecture, settings, device, layer => new DecoderBlock(settings, layer, device));
        },
    };

    /// <summary>Returns the settings with Qwen's windows: none unless <c>use_sliding_window</c>, and then from layer <c>max_window_layers</c> on.</summary>
    internal static DecoderSettings WithQwenWindows(this DecoderSettings settings, ModelConfig config)
    {
        var first = config.GetBoolean("use_sliding_window") == true ? config.GetInteger("max_window_layers") ?? 28 : long.MaxValue;
        return first == long.MaxValue ? settings : settings.WithWindows(config, layer => layer >= first, fallbackWindow: 4096);
    }
}
