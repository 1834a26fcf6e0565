// Reproduces transformers 4.57.6, models/qwen2/modeling_qwen2.py, with eager attention's numbers.
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.FieldRule;

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
        Fields = DecoderFields.Create(Defaults, WindowFields),
        CreateBody = (architecture, config, device) =>
        {
            var settings = DecoderSettings.Read(config).WithQwenWindows() with { HasProjectionBias = true };
            return new RotaryDecoder(architecture, settings, device, layer => new DecoderBlock(settings, layer, device));
        },
    };

    /// <summary>Gets the fields of Qwen's windows.</summary>
    internal static Dictionary<string, FieldRule> WindowFields => new()
    {
        ["use_sliding_window"] = Flag(false),
        ["sliding_window"] = Size(4096).OrNull,
        ["max_window_layers"] = Whole(28, 0, int.MaxValue),
    };

    /// <summary>Returns the settings with Qwen's windows: none unless <c>use_sliding_window</c>, and then from layer <c>max_window_layers</c> on.</summary>
    internal static DecoderSettings WithQwenWindows(this DecoderSettings settings)
    {
        var config = settings.Source;
        if (!config.Flag("use_sliding_window"))
        {
            return settings.WithoutWindows();
        }

        var window = config.GetInteger("sliding_window") ?? throw new CheckpointException(config.Origin, "'use_sliding_window' is true, but 'sliding_window' "
            + "is null. Give the window, or make the first false.");
        var first = config.Size("max_window_layers");
        return settings.WithWindows(window, layer => layer >= first);
    }
}
