namespace Pyvene.Typed.Models;

/// <summary>
/// Says what the parts of a decoder are called in transformers, and so in checkpoints and module paths; by default as Llama's, and <see langword="null"/> =
/// there is no such part.
/// </summary>
internal sealed record DecoderParts
{
    // Under a head.
    public string Body { get; init; } = "model";
    public string Head { get; init; } = "lm_head";

    // Of the bare model.
    public string Tokens { get; init; } = "embed_tokens";
    public string? Positions { get; init; }
    public string? Dropout { get; init; }
    public string? EmbeddingNorm { get; init; }
    public string Blocks { get; init; } = "layers";
    public string FinalNorm { get; init; } = "norm";

    // Of a block, in the order in which they are called.
    public string? AttentionNorm { get; init; } = "input_layernorm";
    public string Attention { get; init; } = "self_attn";
    public string? AttentionEndNorm { get; init; }
    public string? AttentionEndDropout { get; init; }
    public string? MlpNorm { get; init; } = "post_attention_layernorm";
    public string Mlp { get; init; } = "mlp";
    public string? MlpEndNorm { get; init; }
    public string? MlpEndDropout { get; init; }

    /// <summary>Gets how the names of weights end that write into the residual stream and start smaller for it.</summary>
    public string? Residual { get; init; }
}
