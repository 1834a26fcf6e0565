using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Engine;

/// <summary>Turns positions into columns of an axis, with the checks that need the axis.</summary>
internal static class PositionResolver
{
    /// <summary>Returns the columns of every row, all rows of one length.</summary>
    /// <param name="positions">The positions.</param>
    /// <param name="axis">The axis they are meant on.</param>
    /// <param name="place">The place, in words, for messages.</param>
    /// <param name="role">The batch's role in the run, such as <c>base</c> or <c>source 0</c>, for messages.</param>
    /// <exception cref="InterventionException">A row does not have a position, or rows have different numbers of them.</exception>
    public static long[][] Resolve(Positions positions, IPositionAxis axis, string place, string role)
    {
        if (positions is Positions.Rows { Index: var rows } && rows.Rows.Length != axis.Rows)
        {
            throw WrongRows(rows.Rows.Length);
        }

        if (positions is Positions.Raw { Index: var raw } && raw.Rows.Length != axis.Rows)
        {
            throw WrongRows(raw.Rows.Length);
        }

        if (positions is Positions.Tokens { Texts: var given } && given.Length != axis.Rows)
        {
            throw WrongRows(given.Length);
        }

        var columns = Enumerable.Range(0, (int)axis.Rows).Select(row => Row(row, positions)).ToArray();
        return Array.FindIndex(columns, row => row.Length != columns[0].Length) is > 0 and var other
            ? throw new InterventionException(
                "positions",
                $"{place}: the {role} gives {columns[0].Length} positions in example 0 but {columns[other].Length} in example {other}; "
                    + "a batch needs the same number in every example.")
            : columns;

        long[] Row(int row, Positions meant)
        {
            return meant switch
            {
                Positions.Indices indices => [.. indices.Values.Select(index => At(row, FromStart(row, index), index.ToString()))],
                Positions.Span span => Span(row, span.Range),
                Positions.Token token => [At(row, TokenIndex(row, token.Text), token.Text)],
                Positions.Tokens tokens => [At(row, TokenIndex(row, tokens.Texts[row]), tokens.Texts[row])],
                Positions.Mark mark => Row(row, MarkedIn(row, mark.Name)),
                Positions.Rows perExample =>
                    [.. perExample.Index.Rows[row].Select(index => At(row, index, index.ToString(System.Globalization.CultureInfo.InvariantCulture)))],
                Positions.Raw columnsOf => [.. columnsOf.Index.Rows[row].Select(column => axis.Columns is not { } count || column < count
                    ? column
                    : throw OutOfRange(row, column.ToString(System.Globalization.CultureInfo.InvariantCulture), count))],
                _ => throw new InvalidOperationException($"Positions of kind {meant.GetType().Name} cannot be resolved."),
            };
        }

        Positions MarkedIn(int row, string name) => axis.Marks.TryGetValue(name, out var marked)
            ? marked[marked.Count == 1 ? 0 : row]
            : throw new InterventionException("positions", $"{place}: the {role} marks no \"{name}\""
                + $"{(axis.Marks.Count == 0 ? "" : $", only {string.Join(", ", axis.Marks.Keys.Select(known => $"\"{known}\""))}")}. "
                + $"Mark it in its prompt, as in Prompt.Of(\"…\").Mark(\"{name}\", \"…\").");

        long FromStart(int row, Index index) => !index.IsFromEnd ? index.Value : axis.Length(row) is { } length ? length - index.Value
            : throw new InterventionException(
                "positions", $"{place}: {index} counts from the end, but how many there are in the {role} is not known before it runs. Count from the start.");

        long At(int row, long index, string shown) =>
            index >= 0 && (axis.Length(row) is not { } length || index < length)
                ? axis.Column(row, index)
                : throw OutOfRange(row, shown, axis.Length(row) ?? 0);

        long[] Span(int row, Range range)
        {
            var (start, end) = (FromStart(row, range.Start), FromStart(row, range.End));
            if (start < 0 || end <= start || (axis.Length(row) is { } length && end > length))
            {
                throw OutOfRange(row, range.ToString(), axis.Length(row) ?? 0);
            }

            return [.. Enumerable.Range((int)start, (int)(end - start)).Select(index => axis.Column(row, index))];
        }

        int TokenIndex(int row, string text)
        {
            if (axis.Texts is not { } texts)
            {
                throw new InterventionException(
                    "positions", $"{place}: the position \"{text}\" needs the text of the {role}, but only token ids were given. Give text, or a number.");
            }

            var found = TextPlaces.Find(texts[row], text);
            return found.Tokens is [var only] ? only : throw new InterventionException("positions", $"{place}: {found.Problem(text)} in the {role} "
                + $"\"{texts[row].Text}\" (example {row}); {found.Remedy}");
        }

        InterventionException OutOfRange(int row, string shown, long length) =>
            new(
                "positions",
                $"{place}: position {shown} is outside of example {row} of the {role}, which has {length} positions (0 to {length - 1}, or ^{length} to ^1).");

        InterventionException WrongRows(int given) =>
            new("positions", $"{place}: positions are given for {given} examples, but the {role} has {axis.Rows}.");
    }
}
