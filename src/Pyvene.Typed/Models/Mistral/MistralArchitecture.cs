// Reproduces transformers 4.57.6, models/mistral/modeling_mistral.py, with eager attention's numbers.
using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models.Mistral;

/// <summary>Describes Mistral. Source: Jiang et al., Mistral 7B, 2023.</summary>
internal static class MistralArchitecture
{
    private static readonly DecoderDefaults Defaults = new() { KeyHeadCount = 8, InnerWidth = 14336, PositionCount = 131072 };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "mistral",
        ClassPrefix = "Mistral",
        CreateBody = (architecture, config, device) =>
        {
            var settings = DecoderSettings.Read(config, Defaults).WithWindows(config, _ => true, fallbackWindow: 4096);
            return new RotaryDecoder(architecture, settings, device, layer => new DecoderBlock(settings, layer, device));
        },
    };
}
