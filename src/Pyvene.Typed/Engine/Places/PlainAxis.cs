namespace Pyvene.Typed.Engine;

/// <summary>Is an axis without padding or text: dimension 1 of a tensor, or the calls of a module.</summary>
/// <param name="Rows">The number of examples.</param>
/// <param name="Columns">The number of columns; null when only the run tells.</param>
internal sealed record PlainAxis(long Rows, long? Columns) : IPositionAxis
{
    /// <inheritdoc/>
    public IReadOnlyList<TokenizedText>? Texts => null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, IReadOnlyList<Positions>> Marks => TokenNotes.NoMarks;

    /// <inheritdoc/>
    public long? Length(int row) => Columns;

    /// <inheritdoc/>
    public long Column(int row, long index) => index;
}
