namespace Pyvene.Typed.Lab;

/// <summary>Is one table of a heat-map.</summary>
/// <param name="Title">What its values are.</param>
/// <param name="Rows">The labels of its rows.</param>
/// <param name="Columns">The labels of its columns.</param>
/// <param name="Values">The values: [row, column].</param>
/// <param name="Scale">Their colours.</param>
internal sealed record HeatMapPanel(string Title, AxisLabels Rows, AxisLabels Columns, double[,] Values, ColourScale Scale)
{
    private IEnumerable<(int Row, int Column)> Different =>
        from row in Enumerable.Range(0, Rows.Ticks.Count)
        from column in Enumerable.Range(0, Columns.Ticks.Count)
        let difference = Math.Abs(Values[row, column] - Scale.Centre)
        where difference > Scale.Floor // nor NaN
        orderby difference descending, row, column
        select (row, column);

    /// <summary>Gets what the blank value is called: <c>clean 0.002</c>.</summary>
    public string Note => Scale.IsSequential ? "" : $"clean {Digits.Of(Scale.Centre)}";

    /// <summary>Returns what a cell is: its place, its value, and how far that is from the clean one.</summary>
    public string Says(int row, int column)
    {
        var value = Values[row, column];
        var difference = value - Scale.Centre;
        return $"{Rows.Names[row]}, {Columns.Names[column]}: {Digits.Of(value)}"
            + (Scale.IsSequential || !double.IsFinite(difference) ? ""
                : Math.Abs(difference) <= Scale.Floor ? " (as clean)"
                : $" ({Digits.Signed(difference)} from clean)");
    }

    /// <summary>Returns the cells that are furthest from the centre, furthest first, without those that rounding explains.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<(int Row, int Column)> Furthest(int count) => [.. Different.Take(count)];

    /// <summary>Returns the numbers as a table.</summary>
    public DataTable ToTable() => new(
        Note.Length == 0 ? Title : $"{Title}, {Note}",
        [Rows.Title, .. Columns.Names],
        [.. Rows.Names.Select((name, row) => (IReadOnlyList<string>)[name, .. Columns.Names.Select((_, column) => Digits.Of(Values[row, column]))])]);
}
