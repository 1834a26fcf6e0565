using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Gpt2;

/// <summary>Is a typed view of a GPT-2 configuration that its table has checked.</summary>
internal sealed record GPT2Config
{
    /// <summary>Reads the fields of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">The heads do not divide the width.</exception>
    public GPT2Config(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        VocabSize = config.Size("vocab_size");
        PositionCount = config.Size("n_positions");
        Width = config.Size("n_embd");
        LayerCount = (int)config.Size("n_layer");
        HeadCount = config.Size("n_head");
        InnerWidth = config.GetInteger("n_inner") ?? (4 * Width);
        ActivationFunction = config.Text("activation_function");
        NormEpsilon = config.Number("layer_norm_epsilon");
        AttentionDropout = config.Number("attn_pdrop");
        EmbeddingDropout = config.Number("embd_pdrop");
        ResidualDropout = config.Number("resid_pdrop");
        ScalesAttention = config.Flag("scale_attn_weights");
        ScalesAttentionByLayer = config.Flag("scale_attn_by_inverse_layer_idx");
        UpcastsAttention = config.Flag("reorder_and_upcast_attn");
        if (Width % HeadCount != 0)
        {
            throw new CheckpointException(config.Origin, $"'n_embd' must be a multiple of 'n_head', but is {Width} with {HeadCount} heads.");
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
