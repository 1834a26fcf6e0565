using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Gru;

/// <summary>Is a typed, checked view of the configuration of pyvene's GRU, with pyvene's defaults.</summary>
public sealed record GRUConfig
{
    private const long MostLayers = 10_000;

    /// <summary>Reads the fields of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">A size is missing or absurd.</exception>
    public GRUConfig(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        HasEmbedding = config.GetBoolean("include_emb") ?? false;
        VocabSize = config.GetSize("vocab_size", 50257);
        PositionCount = config.GetSize("max_position_embeddings", 512);
        Width = config.GetSize("h_dim", 512);
        LayerCount = (int)config.GetSize("n_layer", 2, MostLayers);
        LabelCount = config.GetSize("n_labels", 2, 1_000_000);
        Dropout = config.GetNumber("pdrop") ?? 0.3;
        HasBias = config.GetBoolean("include_bias") ?? true;
        ProblemType = config.GetString("problem_type");
    }

    /// <summary>Gets whether the model has an embedding of token ids (<c>include_emb</c>); else it takes vectors only.</summary>
    public bool HasEmbedding { get; }

    /// <summary>Gets the number of tokens (<c>vocab_size</c>).</summary>
    public long VocabSize { get; }

    /// <summary>Gets the number of positions that position ids may name (<c>max_position_embeddings</c>).</summary>
    public long PositionCount { get; }

    /// <summary>Gets dModel, the width of inputs and states (<c>h_dim</c>).</summary>
    public long Width { get; }

    /// <summary>Gets the number of layers (<c>n_layer</c>).</summary>
    public int LayerCount { get; }

    /// <summary>Gets the number of labels (<c>n_labels</c>).</summary>
    public long LabelCount { get; }

    /// <summary>Gets the probability, 0 to 1, that an element of the embeddings is dropped in training (<c>pdrop</c>).</summary>
    public double Dropout { get; }

    /// <summary>Gets whether the linear maps of the cells have a bias (<c>include_bias</c>).</summary>
    public bool HasBias { get; }

    /// <summary>Gets the kind of problem that the loss is for; <see langword="null"/> = it follows from the labels.</summary>
    public string? ProblemType { get; }
}
