namespace Pyvene.Typed.Models;

/// <summary>
/// Says what the parts of an encoder are called in transformers, and so in checkpoints and module paths; by default as BERT's, and <see langword="null"/> =
/// there is no such part.
/// </summary>
internal sealed record EncoderParts
{
    /// <summary>Gets what the bare model is called under a head.</summary>
    public required string Body { get; init; }

    // Of the bare model; the blocks and the final norm are parts of the encoder.
    public string Embeddings { get; init; } = "embeddings";
    public string Encoder { get; init; } = "encoder";
    public string Blocks { get; init; } = "layer";
    public string? FinalNorm { get; init; }
    public string? Pooler { get; init; } = "pooler";

    // Of the embeddings.
    public string Tokens { get; init; } = "word_embeddings";
    public string Positions { get; init; } = "position_embeddings";
    public string? Segments { get; init; } = "token_type_embeddings";
    public string EmbeddingNorm { get; init; } = "LayerNorm";

    // Of the masked-token head: full names of the weight that may be the embedding's, and of the bias behind it.
    public string HeadWeight { get; init; } = "lm_head.decoder.weight";
    public string HeadBias { get; init; } = "lm_head.bias";
}
