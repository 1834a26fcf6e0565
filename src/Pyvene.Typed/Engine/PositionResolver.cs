using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Engine;

/// <summary>Turns positions into columns of a batch, with the checks that need the batch.</summary>
internal static class PositionResolver
{
    /// <summary>Returns the columns of every row, all rows of one length.</summary>
    /// <param name="positions">The positions.</param>
    /// <param name="batch">The batch they are meant in.</param>
    /// <param name="place">The place, in words, for messages.</param>
    /// <param name="role">The batch's role in the run, such as <c>base</c> or <c>source 0</c>, for messages.</param>
    /// <exception cref="InterventionException">A row does not have a position, or rows have different numbers of them.</exception>
    public static long[][] Resolve(Positions positions, Batch batch, string place, string role)
    {
        if (positions is Positions.Rows { Index: var rows } && rows.Rows.Length != batch.Rows)
        {
            throw WrongRows(rows.Rows.Length);
        }

        if (positions is Positions.Raw { Index: var raw } && raw.Rows.Length != batch.Rows)
        {
            throw WrongRows(raw.Rows.Length);
        }

        var columns = Enumerable.Range(0, (int)batch.Rows).Select(Row).ToArray();
        return columns.FirstOrDefault(row => row.Length != columns[0].Length) is { } other
            ? throw new InterventionException("positions", $"{place}: the {role} gives {columns[0].Length} positions in example 0 but {other.Length} in another; a batch needs the same number in every example.")
            : columns;

        long[] Row(int row)
        {
            var length = batch.Length(row);
            return positions switch
            {
                Positions.Indices indices => [.. indices.Values.Select(index => At(row, index.IsFromEnd ? length - index.Value : index.Value, index.ToString()))],
                Positions.Span span => Span(row, span.Range, length),
                Positions.Token token => [At(row, TokenIndex(row, token.Text), token.Text)],
                Positions.Rows perExample => [.. perExample.Index.Rows[row].Select(index => At(row, index, index.ToString(System.Globalization.CultureInfo.InvariantCulture)))],
                Positions.Raw columnsOf => [.. columnsOf.Index.Rows[row].Select(column => column < batch.Columns ? column : throw OutOfRange(row, column.ToString(System.Globalization.CultureInfo.InvariantCulture), batch.Columns))],
                _ => throw new InvalidOperationException($"Positions of kind {positions.GetType().Name} cannot be resolved."),
            };
        }

        long At(int row, long index, string shown) =>
            index >= 0 && index < batch.Length(row) ? batch.Column(row, index) : throw OutOfRange(row, shown, batch.Length(row));

        long[] Span(int row, Range range, long length)
        {
            var start = range.Start.IsFromEnd ? length - range.Start.Value : range.Start.Value;
            var end = range.End.IsFromEnd ? length - range.End.Value : range.End.Value;
            if (start < 0 || end > length || end <= start)
            {
                throw OutOfRange(row, range.ToString(), length);
            }

            return [.. Enumerable.Range((int)start, (int)(end - start)).Select(index => batch.Column(row, index))];
        }

        int TokenIndex(int row, string text)
        {
            if (batch.Texts is not { } texts)
            {
                throw new InterventionException("positions", $"{place}: the position \"{text}\" needs the text of the {role}, but only token ids were given. Give text, or a number.");
            }

            var tokenized = texts[row];
            var first = tokenized.Text.IndexOf(text, StringComparison.Ordinal);
            if (first < 0 || tokenized.Text.IndexOf(text, first + 1, StringComparison.Ordinal) >= 0)
            {
                var found = first < 0 ? "does not occur" : "occurs more than once";
                throw new InterventionException("positions", $"{place}: the text \"{text}\" {found} in the {role} \"{tokenized.Text}\" (example {row}); it must occur exactly once. Use a longer text, or a number.");
            }

            var last = first + text.Length - 1;
            var token = Enumerable.Range(0, tokenized.Spans.Count).LastOrDefault(index => tokenized.Spans[index].Start <= last && last < tokenized.Spans[index].End, -1);
            return token >= 0 ? token : throw new InterventionException("positions", $"{place}: no token of the {role} covers the end of \"{text}\" (example {row}).");
        }

        InterventionException OutOfRange(int row, string shown, long length) =>
            new("positions", $"{place}: position {shown} is outside of example {row} of the {role}, which has {length} positions (0 to {length - 1}, or ^{length} to ^1).");

        InterventionException WrongRows(int given) =>
            new("positions", $"{place}: positions are given for {given} examples, but the {role} has {batch.Rows}.");
    }
}
