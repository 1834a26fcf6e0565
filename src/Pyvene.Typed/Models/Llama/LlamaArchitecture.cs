// Reproduces transformers 4.57.6, models/llama/modeling_llama.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.Llama;

/// <summary>Describes Llama. Source: Touvron et al., LLaMA: Open and Efficient Foundation Language Models, 2023.</summary>
internal static class LlamaArchitecture
{
    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "llama",
        ClassPrefix = "Llama",
        Fields = DecoderFields.Create(new DecoderDefaults(), new() { ["attention_bias"] = Flag(false), ["mlp_bias"] = Flag(false) }),
        IgnoredEndings = [".rotary_emb.inv_freq"],
        CreateBody = (architecture, config, device) =>
        {
            var settings = Read(config);
            return new RotaryDecoder(architecture, settings, device, layer => new DecoderBlock(settings, layer, device));
        },
    };

    private static DecoderSettings Read(ModelConfig config)
    {
        var hasBias = config.Flag("attention_bias");
        return DecoderSettings.Read(config).WithoutWindows() with
        {
            HasProjectionBias = hasBias,
            HasOutputBias = hasBias,
            HasMlpBias = config.Flag("mlp_bias"),
        };
    }
}
