namespace Pyvene.Typed.Models.Layers;

/// <summary>
/// Says what the parts of a decoder's attention are called in transformers, by default as Llama's, and whether queries, keys and values are projected apart.
/// </summary>
internal sealed record AttentionParts
{
    // Where they are projected apart.
    public string Queries { get; init; } = "q_proj";
    public string Keys { get; init; } = "k_proj";
    public string Values { get; init; } = "v_proj";

    /// <summary>Gets the projection that makes queries, keys and values at once; <see langword="null"/> = they are projected apart.</summary>
    public string? Fused { get; init; }

    /// <summary>
    /// Gets whether the outputs of that projection are group after group, the query heads that share a key head, that key head and its value head; else they
    /// are all queries, all keys, all values.
    /// </summary>
    public bool IsGrouped { get; init; }

    public string Output { get; init; } = "o_proj";
    public string Weights { get; init; } = "attn_weights";

    /// <summary>Gets the dropout behind the output.</summary>
    public string? Dropout { get; init; }
}
