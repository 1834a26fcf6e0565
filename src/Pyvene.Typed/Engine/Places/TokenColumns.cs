using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is the columns of tokens of a batch, those of a decoder apart from those of its encoder: which of them are real, and what they say.</summary>
internal sealed class TokenColumns : IPositionAxis
{
    private readonly Lazy<long[][]?> realColumns;

    /// <param name="first">The tokens or embeddings: [batch, position, …].</param>
    /// <param name="mask">1 = real and 0 = padding: [batch, position so far]; <see langword="null"/> = all are real.</param>
    /// <param name="filling">Reads how many of the last columns every row has behind its end; <see langword="null"/> = none has any.</param>
    /// <param name="notes">What the tokens say, and which of them are marked.</param>
    public TokenColumns(Tensor first, Tensor? mask, Func<long[]>? filling, TokenNotes notes)
    {
        (Rows, Columns, Texts, Marks) = (first.shape[0], first.shape[1], notes.Texts, notes.Marks);
        realColumns = new(() => ReadMask(mask, filling));
    }

    /// <inheritdoc/>
    public long Rows { get; }

    /// <summary>Gets the number of columns, padding included.</summary>
    public long Columns { get; }

    /// <inheritdoc/>
    long? IPositionAxis.Columns => Columns;

    /// <inheritdoc/>
    public IReadOnlyList<TokenizedText>? Texts { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, IReadOnlyList<Positions>> Marks { get; }

    /// <summary>Gets whether some column of some row is padding.</summary>
    public bool IsPadded => realColumns.Value is not null;

    /// <summary>Gets whether some row begins with padding. Such a column sees no key of its own, so it attends evenly to all, later ones included.</summary>
    public bool IsPaddedBefore => realColumns.Value?.Any(row => row is not [0, ..]) == true;

    /// <summary>Gets whether the shape alone decides where positions are, whatever the examples hold.</summary>
    public bool IsByShape => Texts is null && Marks.Count == 0 && !IsPadded;

    /// <summary>Gets the column of the last real token of every row.</summary>
    public long[] LastColumns => [.. Enumerable.Range(0, (int)Rows).Select(row => Column(row, Length(row) - 1))];

    /// <summary>Returns the number of real tokens of a row.</summary>
    public long Length(int row) => realColumns.Value?[row].Length ?? Columns;

    /// <inheritdoc/>
    long? IPositionAxis.Length(int row) => Length(row);

    /// <summary>Returns the column of the <paramref name="index"/>-th real token of a row.</summary>
    public long Column(int row, long index) => realColumns.Value?[row][index] ?? index;

    /// <summary>Returns whether a column of a row is a real token.</summary>
    public bool IsReal(long row, long column) => realColumns.Value is not { } real || Array.BinarySearch(real[row], column) >= 0;

    /// <summary>Returns which real tokens of row 0 columns are, counted from its first.</summary>
    public IReadOnlyList<int> OffsetsOf(long[] columns) =>
        [.. columns.Select(column => realColumns.Value is { } real ? Array.IndexOf(real[0], column) : (int)column)];

    private long[][]? ReadMask(Tensor? mask, Func<long[]>? fill)
    {
        var (values, filling) = (MaskValues(mask), fill?.Invoke());
        if (values?.Contains(0) != true && filling?.Any(count => count > 0) != true)
        {
            return null;
        }

        return [.. Enumerable.Range(0, (int)Rows)
            .Select(row => Enumerable.Range(0, (int)Columns).Where(column => IsRealIn(row, column)).Select(column => (long)column).ToArray())];

        bool IsRealIn(int row, int column) => values?[(row * Columns) + column] != 0 && column < Columns - (filling?[row] ?? 0);
    }

    private long[]? MaskValues(Tensor? given)
    {
        // What a meta tensor holds is not known. With cached positions before these columns, the mask has them too.
        if (given is not { ndim: 2, is_meta: false } mask || mask.shape[0] != Rows || mask.shape[1] < Columns)
        {
            return null;
        }

        using var own = mask.narrow(1, mask.shape[1] - Columns, Columns);
        using var host = own.to(ScalarType.Int64).cpu().contiguous();
        return host.data<long>().ToArray();
    }
}
