// Reproduces transformers 4.57.6, models/qwen2/modeling_qwen2.py and models/qwen3/modeling_qwen3.py, with eager attention's numbers.
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>
/// Describes Qwen2, which Qwen2.5 is too, and Qwen3, which norms the heads. Sources: Yang et al., Qwen2 Technical Report, 2024; Yang et al., Qwen3 Technical
/// Report, 2025.
/// </summary>
internal static class QwenArchitecture
{
    /// <summary>Gets Qwen2.</summary>
    public static DecoderArchitecture Qwen2 { get; } = new()
    {
        ModelType = "qwen2",
        ClassPrefix = "Qwen2",
        Read = config => WithWindows(DecoderSettings.Read(config)) with { HasProjectionBias = true },
        Fields = DecoderFields.Create("qwen2", new(), WindowFields()),
    };

    /// <summary>Gets Qwen3.</summary>
    public static DecoderArchitecture Qwen3 { get; } = new()
    {
        ModelType = "qwen3",
        ClassPrefix = "Qwen3",
        Read = config => WithWindows(DecoderSettings.Read(config)) with
        {
            NormsHeads = true,
            HasProjectionBias = config.Flag("attention_bias"),
            HasOutputBias = config.Flag("attention_bias"),
        },
        Fields = DecoderFields.Create("qwen3", new(), new(WindowFields()) { ["attention_bias"] = Flag(false) }),
    };

    private static Dictionary<string, FieldRule> WindowFields() => new()
    {
        ["use_sliding_window"] = Flag(false),
        ["sliding_window"] = Size(4096).OrNull,
        ["max_window_layers"] = Whole(28, 0, int.MaxValue),
    };

    /// <summary>Returns the settings with Qwen's windows: none unless <c>use_sliding_window</c>, and then from layer <c>max_window_layers</c> on.</summary>
    private static DecoderSettings WithWindows(DecoderSettings settings)
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
