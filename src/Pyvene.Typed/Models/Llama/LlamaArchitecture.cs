// Reproduces transformers 4.57.6, models/llama/modeling_llama.py, with eager attention's numbers.
using Pyvene.Typed.Models.Layers;

namespace Pyvene.Typed.Models.Llama;

/// <summary>Describes Llama. Source: Touvron et al., LLaMA: Open and Efficient Foundation Language Models, 2023.</summary>
internal static class LlamaArchitecture
{
    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "llama",
        ClassPrefix = "Llama",
        IgnoredEndings = [".rotary_emb.inv_freq"],
        CreateBody = (architecture, config, device) =>
        {
            var settings = Read(config);
            return new RotaryDecoder(architecture, settings, device, layer => new DecoderBlock(settings, layer, device));
        },
    };

    private static DecoderSettings Read(ModelConfig config)
    {
        var hasBias = config.GetBoolean("attention_bias") ?? false;
        return DecoderSettings.Read(config, new DecoderDefaults()) with
        {
            HasProjectionBias = hasBias,
            HasOutputBias = hasBias,
            HasMlpBias = config.GetBoolean("mlp_bias") ?? false,
        };
    }
}
