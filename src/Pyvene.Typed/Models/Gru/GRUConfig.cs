using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Models.Gru;

/// <summary>Is a typed, checked view of the configuration of pyvene's GRU, with pyvene's defaults.</summary>
public sealed record GRUConfig
{
    /// <summary>Reads the fields of a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="CheckpointException">A field is of another kind, out of range or not supported.</exception>
    public GRUConfig(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config = GRUArchitecture.Fields.Read(config);
        HasEmbedding = config.Flag("include_emb");
        VocabSize = config.Size("vocab_size");
        PositionCount = config.Size("max_position_embeddings");
        Width = config.Size("h_dim");
        LayerCount = (int)config.Size("n_layer");
        LabelCount = config.Size("n_labels");
        Dropout = config.Number("pdrop");
        HasBias = config.Flag("include_bias");
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
