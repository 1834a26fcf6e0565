// Reproduces transformers 4.57.6, models/gemma/modeling_gemma.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>Describes Gemma. Source: Gemma Team, Gemma: Open Models Based on Gemini Research and Technology, 2024.</summary>
internal static class GemmaArchitecture
{
    private static readonly DecoderDefaults Defaults = new() { Activation = "gelu_pytorch_tanh", TiesHead = true };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gemma",
        ClassPrefix = "Gemma",
        Read = config => DecoderSettings.Read(config).WithoutWindows() with
        {
            HasProjectionBias = config.Flag("attention_bias"),
            HasOutputBias = config.Flag("attention_bias"),
            NormsCountFromOne = true,
            ScalesEmbeddings = true,
        },
        // hidden_activation is written into its files and read by nothing there.
        Fields = DecoderFields.Create("gemma", Defaults, new() { ["attention_bias"] = Flag(false) }, "hidden_activation"),
    };
}
