namespace Pyvene.Typed.Models;

/// <summary>Holds the sizes and choices that pyvene's own models, the MLP and the GRU, share.</summary>
/// <param name="config">The configuration, which its table has checked and completed.</param>
/// <param name="labels">The field with the number of labels.</param>
internal sealed class VectorSettings(ModelConfig config, string labels)
{
    public bool HasEmbedding { get; } = config.Flag("include_emb"); // of token ids; else the model takes vectors only
    public long VocabSize { get; } = config.Size("vocab_size");
    public long PositionCount { get; } = config.Size("max_position_embeddings"); // that position ids may name
    public long Width { get; } = config.Size("h_dim"); // dModel, of inputs, states and every layer
    public int LayerCount { get; } = (int)config.Size("n_layer");
    public long LabelCount { get; } = config.Size(labels);
    public double Dropout { get; } = config.Number("pdrop"); // the probability, 0 to 1, that an element is dropped in training
    public bool HasBias { get; } = config.Flag("include_bias"); // of linear maps
    public string? ProblemType { get; } = config.GetString("problem_type"); // what the loss is for; null = it follows from the labels
}
