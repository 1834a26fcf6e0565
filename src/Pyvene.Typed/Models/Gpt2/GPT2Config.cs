using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is a typed, checked view of a GPT-2 configuration, with Hugging Face's defaults.</summary>
internal sealed record GPT2Config
{
    // Far beyond any model, and small enough that no product of two sizes overflows.
    private const long MostLayers = 10_000;
    private const long Widest = 1 << 20;
    private const long WidestInside = 1 << 24;

    /// <summary>Reads the fields of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">A size is missing or absurd, or the configuration asks for something that GPT-2 models here do not have.</exception>
    public GPT2Config(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        VocabSize = config.GetSize("vocab_size", 50257);
        PositionCount = config.GetSize("n_positions", 1024);
        Width = config.GetSize("n_embd", 768, Widest);
        LayerCount = (int)config.GetSize("n_layer", 12, MostLayers);
        HeadCount = config.GetSize("n_head", 12);
        InnerWidth = config.GetSize("n_inner", 4 * Width, WidestInside);
        ActivationFunction = config.GetString("activation_function") ?? "gelu_new";
        NormEpsilon = config.GetNumber("layer_norm_epsilon") ?? 1e-5;
        AttentionDropout = config.GetNumber("attn_pdrop") ?? 0.1;
        EmbeddingDropout = config.GetNumber("embd_pdrop") ?? 0.1;
        ResidualDropout = config.GetNumber("resid_pdrop") ?? 0.1;
        ScalesAttention = config.GetBoolean("scale_attn_weights") ?? true;
        ScalesAttentionByLayer = config.GetBoolean("scale_attn_by_inverse_layer_idx") ?? false;
        UpcastsAttention = config.GetBoolean("reorder_and_upcast_attn") ?? false;
        if (Width % HeadCount != 0)
        {
            throw new CheckpointException(config.Origin, $"'n_embd' must be a multiple of 'n_head', but is {Width} with {HeadCount} heads.");
        }

        if (config.GetBoolean("add_cross_attention") == true)
        {
            throw new CheckpointException(config.Origin, "'add_cross_attention' is true, but GPT-2 with cross-attention is not supported.");
        }
    }

    /// <summary>Gets the number of tokens (<c>vocab_size</c>).</summary>
    public long VocabSize { get; }

    /// <summary>Gets the number of positions (<c>n_positions</c>).</summary>
    public long PositionCount { get; }

    /// <summary>Gets dModel, the width of the residual stream (<c>n_embd</c>).</summary>
    public long Width { get; }

    /// <summary>Gets the number of blocks (<c>n_layer</c>).</summary>
    public int LayerCount { get; }

    /// <summary>Gets the number of attention heads (<c>n_head</c>).</summary>
    public long HeadCount { get; }

    /// <summary>Gets dMlp, the width inside the MLP (<c>n_inner</c>; 4 · dModel when absent).</summary>
    public long InnerWidth { get; }

    /// <summary>Gets the Hugging Face name of the MLP's activation function.</summary>
    public string ActivationFunction { get; }

    /// <summary>Gets the number that layer norms add to the variance.</summary>
    public double NormEpsilon { get; }

    /// <summary>Gets the probability, 0 to 1, that an attention weight is dropped in training.</summary>
    public double AttentionDropout { get; }

    /// <summary>Gets the probability, 0 to 1, that an element of the embeddings is dropped in training.</summary>
    public double EmbeddingDropout { get; }

    /// <summary>Gets the probability, 0 to 1, that an element of what a block adds is dropped in training.</summary>
    public double ResidualDropout { get; }

    /// <summary>Gets whether scores are divided by the root of dHead.</summary>
    public bool ScalesAttention { get; }

    /// <summary>Gets whether scores are also divided by the layer's number, counted from 1.</summary>
    public bool ScalesAttentionByLayer { get; }

    /// <summary>Gets whether scores and softmax are computed in float32 whatever the dtype of the model.</summary>
    public bool UpcastsAttention { get; }
}
