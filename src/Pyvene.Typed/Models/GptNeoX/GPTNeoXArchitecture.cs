// Reproduces transformers 4.57.6, models/gpt_neox/modeling_gpt_neox.py, with eager attention's numbers.
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.FieldRule;

namespace Pyvene.Typed.Models.GptNeoX;

/// <summary>Describes GPT-NeoX, which Pythia is too. Source: Black et al., GPT-NeoX-20B, 2022.</summary>
internal static class GPTNeoXArchitecture
{
    private static readonly DecoderDefaults Defaults = new()
    {
        VocabSize = 50432, Width = 6144, LayerCount = 44, HeadCount = 64, InnerWidth = 24576, Activation = "gelu", PositionCount = 2048,
    };

    /// <summary>Gets the architecture; its old checkpoints carry the causal mask of every layer.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gpt_neox",
        ClassPrefix = "GPTNeoX",
        BodyName = "gpt_neox",
        Fields = DecoderFields.Create(Defaults, new()
        {
            ["layer_norm_eps"] = Epsilon(1e-5),
            ["rotary_pct"] = Probability(null),
            ["rotary_emb_base"] = Positive(),
            ["attention_bias"] = Flag(true),
            ["hidden_dropout"] = Probability(0),
            ["use_parallel_residual"] = Flag(true),
        }, "classifier_dropout"),
        HeadName = "embed_out",
        IgnoredEndings = [".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"],
        CreateBody = (architecture, config, device) => new GPTNeoXModel(architecture, Read(config), device),
    };

    private static DecoderSettings Read(ModelConfig config)
    {
        var settings = DecoderSettings.Read(config, Rotary).WithoutWindows();
        if (settings.HeadWidth * settings.HeadCount != settings.Width)
        {
            throw new CheckpointException(config.Origin, $"'hidden_size' must be a multiple of 'num_attention_heads', but is {settings.Width} with {settings.HeadCount} heads.");
        }

        return settings with
        {
            NormEpsilon = config.Number("layer_norm_eps"),
            HasProjectionBias = config.Flag("attention_bias"),
            HiddenDropout = config.Number("hidden_dropout"),
            IsParallel = config.Flag("use_parallel_residual"),
        };

        RotarySettings Rotary(long headWidth) => RotaryFields.Read(config, headWidth, ["rotary_emb_base", "rope_theta"], ["rotary_pct", "partial_rotary_factor"], fallbackPart: 0.25);
    }
}
