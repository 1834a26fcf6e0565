// Reproduces transformers 4.57.6, models/gemma2/modeling_gemma2.py, with eager attention's numbers.
namespace Pyvene.Typed.Models.Gemma;

/// <summary>Describes Gemma 2. Source: Gemma Team, Gemma 2: Improving Open Language Models at a Practical Size, 2024.</summary>
internal static class Gemma2Architecture
{
    private static readonly DecoderDefaults Defaults = new()
    {
        VocabSize = 256000, Width = 2304, LayerCount = 26, HeadCount = 8, KeyHeadCount = 4, HeadWidth = 256, InnerWidth = 9216, Activation = "gelu_pytorch_tanh", PositionCount = 8192,
    };

    /// <summary>Gets the architecture.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gemma2",
        ClassPrefix = "Gemma2",
        TiesHead = true,
        CreateBody = (architecture, config, device) =>
        {
            var settings = Read(config);
            return new RotaryDecoder(architecture, settings, device, layer => new Gemma2Block(settings, layer, device));
        },
    };

    private static DecoderSettings Read(ModelConfig config)
    {
        var hasBias = config.GetBoolean("attention_bias") ?? false;
        return DecoderSettings.Read(config, Defaults).WithWindows(config, layer => layer % 2 == 0, fallbackWindow: 4096) with
        {
            HasProjectionBias = hasBias,
            HasOutputBias = hasBias,
            NormsCountFromOne = true,
            ScalesEmbeddings = true,
            ScoreScale = 1 / Math.Sqrt(config.GetSize("query_pre_attn_scalar", 256)),
            ScoreCap = config.GetOptionalNumber("attn_logit_softcapping", 50),
            LogitCap = config.GetOptionalNumber("final_logit_softcapping", 30),
        };
    }
}
