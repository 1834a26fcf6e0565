namespace Pyvene.Typed.Tokenization;

/// <summary>Rows of tokens; of equal length where they were padded.</summary>
public sealed class TokenBatch
{
    internal TokenBatch(
        IReadOnlyList<IReadOnlyList<int>> inputIds,
        IReadOnlyList<IReadOnlyList<int>> attentionMask,
        IReadOnlyList<IReadOnlyList<int>> typeIds,
        IReadOnlyList<int> textIndices)
    {
        InputIds = inputIds;
        AttentionMask = attentionMask;
        TypeIds = typeIds;
        TextIndices = textIndices;
    }

    /// <summary>Gets the ids. Shape: [row, position].</summary>
    public IReadOnlyList<IReadOnlyList<int>> InputIds { get; }

    /// <summary>Gets 1 for tokens and 0 for padding. Shape: [row, position].</summary>
    public IReadOnlyList<IReadOnlyList<int>> AttentionMask { get; }

    /// <summary>Gets the types; 0 for padding. Shape: [row, position].</summary>
    public IReadOnlyList<IReadOnlyList<int>> TypeIds { get; }

    /// <summary>Gets which text each row comes from: more than one row comes from a text whose overflow was kept. Shape: [row].</summary>
    public IReadOnlyList<int> TextIndices { get; }
}
