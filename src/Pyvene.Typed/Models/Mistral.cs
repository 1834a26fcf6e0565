// Reproduces transformers 4.57.6, models/mistral/modeling_mistral.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>Describes Mistral. Source: Jiang et al., Mistral 7B, 2023.</summary>
internal static class MistralArchitecture
{
    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "mistral",
        ClassPrefix = "Mistral",
        Read = config => DecoderSettings.Read(config).WithWindows(config.GetInteger("sliding_window"), _ => true),
        Fields = DecoderFields.Create("mistral", new(), new() { ["sliding_window"] = Size(4096).OrNull, ["attention_bias"] = Only("false") }),
    };
}
