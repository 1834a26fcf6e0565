// Reproduces transformers 4.57.6, models/gpt_neox/modeling_gpt_neox.py, with eager attention's numbers.
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;

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
        HeadName = "embed_out",
        IgnoredEndings = [".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"],
        CreateBody = (architecture, config, device) => new GPTNeoXModel(architecture, Read(config), device),
    };

    private static DecoderSettings Read(ModelConfig config)
    {
        var settings = DecoderSettings.Read(config, Defaults);
        if (settings.HeadWidth * settings.HeadCount != settings.Width)
        {
            throw new CheckpointException(config.Origin, $"'hidden_size' must be a multiple of 'num_attention_heads', but is {settings.Width} with {settings.HeadCount} heads.");
        }

        var turned = (long)(settings.HeadWidth * (config.GetNumber("rotary_pct") ?? config.GetNumber("partial_rotary_factor") ?? 0.25));
        return settings with
        {
            NormEpsilon = config.GetNumber("layer_norm_eps") ?? 1e-5,
            Rotary = RotarySettings.Read(config, turned, settings.HeadWidth, config.GetNumber("rotary_emb_base") ?? Defaults.RotaryBase, Defaults.PositionCount),
            HasProjectionBias = config.GetBoolean("attention_bias") ?? true,
            HiddenDropout = config.GetNumber("hidden_dropout") ?? 0,
            IsParallel = config.GetBoolean("use_parallel_residual") ?? true,
        };
    }
}
