namespace Pyvene.Typed.Models.Layers;

/// <summary>Is a part of a packed pass: some rows, of each the same range of positions, token after token.</summary>
/// <param name="Start">Its first token.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="ContextRow">
/// The row of the batch that the pass was begun with which the first row continues, and so on; masks and turns are those of these rows.
/// </param>
/// <param name="First">The first position that is computed.</param>
/// <param name="End">The position behind the last one.</param>
/// <param name="Prefix">
/// The segment whose rows these ones share the positions before <paramref name="First"/> with; <see langword="null"/> when there are none before.
/// </param>
internal sealed record TokenSegment(long Start, long Rows, long ContextRow, long First, long End, TokenSegment? Prefix)
{
    /// <summary>Gets how many positions of a row are computed.</summary>
    public long Width => End - First;

    /// <summary>Gets the number of tokens.</summary>
    public long Count => Rows * Width;

    /// <summary>Gets the rows of the batch that the pass was begun with which the rows continue.</summary>
    public IEnumerable<long> ContextRows => Enumerable.Range(0, (int)Rows).Select(row => ContextRow + row);

    /// <summary>
    /// Returns the tokens of a range of positions of every row; before <see cref="First"/> they are the prefix's, and behind <see cref="End"/> the last one
    /// stands in.
    /// </summary>
    public IEnumerable<long> TokensOf(long first, long end)
    {
        for (var row = 0L; row < Rows; row++)
        {
            for (var position = first; position < end; position++)
            {
                yield return TokenOf(row, Math.Min(position, End - 1));
            }
        }
    }

    private long TokenOf(long row, long position) => position >= First ? Start + (row * Width) + position - First : Prefix!.TokenOf(row, position);
}
