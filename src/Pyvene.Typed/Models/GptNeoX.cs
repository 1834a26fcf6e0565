// Reproduces transformers 4.57.6, models/gpt_neox/modeling_gpt_neox.py, with eager attention's numbers.
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Fields;
using Pyvene.Typed.Models.Layers;
using static Pyvene.Typed.Models.Fields.FieldRule;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>
/// Is GPT-NeoX's causal self-attention: one projection whose outputs are query, key and value of each head in turn, and rotary positions on a part of each
/// head.
/// </summary>
internal sealed class GPTNeoXAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    private readonly Linear query_key_value;
    private readonly Linear dense;
    private readonly Tap attn_weights;
    private readonly DecoderSettings settings;
    private readonly AttentionRule rule;
    private readonly int layer;

    public GPTNeoXAttention(DecoderSettings settings, int layer, Weights weights)
        : base(nameof(GPTNeoXAttention))
    {
        (this.settings, this.layer, rule) = (settings, layer, settings.RuleOf(layer));
        query_key_value = new Linear(settings.Width, 3 * settings.Width, settings.HasProjectionBias, weights);
        dense = new Linear(settings.Width, settings.Width, settings.HasProjectionBias, weights);
        attn_weights = new Tap(settings.AttentionDropout);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what attention adds to it.</summary>
    public override Tensor forward(Tensor hidden, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var width = settings.HeadWidth;
        var projected = query_key_value.call(hidden).view(hidden.shape[0], hidden.shape[1], settings.HeadCount, 3 * width); // [row, position, head, 3·dHead]
        var query = context.Rotation.Turn(projected.narrow(-1, 0, width)).transpose(1, 2); // [row, head, position, dHead]
        var key = context.Rotation.Turn(projected.narrow(-1, width, width)).transpose(1, 2); // [row, head, position, dHead]
        var value = projected.narrow(-1, 2 * width, width).transpose(1, 2); // [row, head, position, dHead]
        if (context.Cache is { } cache)
        {
            (key, value) = cache.Append(layer, key, value); // [row, head, key, dHead]
        }

        var mixed = Attention.Attend(query, key, value, rule, context.MaskOf(), context, attn_weights); // [row, head, position, dHead]
        return scope.HandOut(dense.call(mixed.transpose(1, 2).reshape(hidden.shape))); // [row, position, dModel]
    }
}

/// <summary>Is GPT-NeoX's MLP: wider, bent, narrower.</summary>
internal sealed class GPTNeoXMLP : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense_h_to_4h;
    private readonly Linear dense_4h_to_h;
    private readonly nn.Module<Tensor, Tensor> act;

    public GPTNeoXMLP(DecoderSettings settings, Weights weights)
        : base(nameof(GPTNeoXMLP))
    {
        dense_h_to_4h = new Linear(settings.Width, settings.InnerWidth, hasBias: true, weights);
        dense_4h_to_h = new Linear(settings.InnerWidth, settings.Width, hasBias: true, weights);
        act = Activations.Create(settings.Activation, settings.Source);
        RegisterComponents();
    }

    /// <summary>Maps the normed residual stream [row, position, dModel] to what the MLP adds to it.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return scope.HandOut(dense_4h_to_h.call(act.call(dense_h_to_4h.call(hidden)))); // [row, position, dModel]
    }
}

/// <summary>Describes GPT-NeoX, which Pythia is too. Source: Black et al., GPT-NeoX-20B, 2022.</summary>
internal static class GPTNeoXArchitecture
{
    /// <summary>Gets the architecture; its old checkpoints carry the causal mask of every layer.</summary>
    public static DecoderArchitecture Instance { get; } = new()
    {
        ModelType = "gpt_neox",
        ClassPrefix = "GPTNeoX",
        Parts = new()
        {
            Body = "gpt_neox", Head = "embed_out", Tokens = "embed_in", Dropout = "emb_dropout", FinalNorm = "final_layer_norm",
            Attention = "attention", AttentionEndDropout = "post_attention_dropout", MlpEndDropout = "post_mlp_dropout",
        },
        CreateAttention = (settings, layer, weights) => new GPTNeoXAttention(settings, layer, weights),
        CreateMlp = (settings, weights) => new GPTNeoXMLP(settings, weights),
        IgnoredEndings = [".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"],
        Read = Read,
        Fields = DecoderFields.Create("gpt_neox", new() { Activation = "gelu" }, new()
        {
            ["layer_norm_eps"] = Epsilon(1e-5),
            ["rotary_pct"] = Probability(null),
            ["rotary_emb_base"] = Positive(),
            ["attention_bias"] = Flag(true),
            ["hidden_dropout"] = Probability(0),
            ["use_parallel_residual"] = Flag(true),
        }, "classifier_dropout"),
    };

    private static DecoderSettings Read(ModelConfig config)
    {
        var settings = DecoderSettings.Read(config, Rotary).WithoutWindows();
        if (settings.HeadWidth * settings.HeadCount != settings.Width)
        {
            throw new CheckpointException(config.Origin, $"'hidden_size' must be a multiple of 'num_attention_heads', but is {settings.Width} with "
                + $"{settings.HeadCount} heads.");
        }

        return settings with
        {
            CentresNorms = true,
            NormEpsilon = config.Number("layer_norm_eps"),
            HasProjectionBias = config.Flag("attention_bias"),
            EmbeddingDropout = config.Number("hidden_dropout"),
            HiddenDropout = config.Number("hidden_dropout"),
            IsParallel = config.Flag("use_parallel_residual"),
        };

        RotarySettings Rotary(long headWidth) =>
            RotaryFields.Read(config, headWidth, ["rotary_emb_base", "rope_theta"], ["rotary_pct", "partial_rotary_factor"], fallbackPart: 0.25);
    }
}
