// Reproduces transformers 4.57.6, models/llama/modeling_llama.py, with eager attention's numbers.
using Pyvene.Typed.Models.Fields;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models;

/// <summary>
/// Describes Llama, whose parts are those that decoders have by default. Source: Touvron et al., LLaMA: Open and Efficient Foundation Language Models,
/// 2023.
/// </summary>
internal static class LlamaArchitecture
{
    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "llama",
        ClassPrefix = "Llama",
        IgnoredEndings = [".rotary_emb.inv_freq"],
        Read = config => DecoderSettings.Read(config).WithoutWindows() with
        {
            HasProjectionBias = config.Flag("attention_bias"),
            HasOutputBias = config.Flag("attention_bias"),
            HasMlpBias = config.Flag("mlp_bias"),
        },
        Fields = DecoderFields.Create("llama", new(), new() { ["attention_bias"] = Flag(false), ["mlp_bias"] = Flag(false) }),
    };
}
