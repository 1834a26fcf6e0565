using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Analysis;

/// <summary>Draws a heat-map as text.</summary>
internal static class ShadedText
{
    private const string Shades = " ░▒▓█";
    private const int NarrowestColumn = 7;

    /// <summary>Returns the heat-map: a heading, a line of column names, and a line a row.</summary>
    /// <param name="heading">What it is.</param>
    /// <param name="rows">The names of the rows.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="values">The values: [row, column].</param>
    /// <param name="strength">Returns how strongly a value is shaded, −1 to 1.</param>
    /// <param name="paint">Returns a cell in its colour, of the cell's text and its value; <see langword="null"/> = without colours.</param>
    public static string Of(
        string heading,
        IReadOnlyList<string> rows,
        IReadOnlyList<string> columns,
        double[,] values,
        Func<double, double> strength,
        Func<string, double, string>? paint = null)
    {
        var label = rows.Max(row => row.Length);
        var cells = rows.Select((_, row) => columns.Select((_, column) => Cell(values[row, column])).ToArray()).ToArray();
        var widths = columns.Select((name, column) => cells.Max(line => Math.Max(Math.Max(name.Length, line[column].Length), NarrowestColumn))).ToArray();
        var text = new StringBuilder(heading).Append('\n').Append(' ', label);
        for (var column = 0; column < columns.Count; column++)
        {
            text.Append("  ").Append(columns[column].PadLeft(widths[column]));
        }

        for (var row = 0; row < rows.Count; row++)
        {
            text.Append('\n').Append(rows[row].PadRight(label));
            for (var column = 0; column < columns.Count; column++)
            {
                var cell = cells[row][column].PadLeft(widths[column]);
                text.Append("  ").Append(paint is null ? cell : paint(cell, values[row, column]));
            }
        }

        return text.Append('\n').ToString();

        string Cell(double value)
        {
            var strong = Math.Abs(strength(value));
            var shade = Shades[double.IsNaN(strong) ? 0 : (int)Math.Round(strong * (Shades.Length - 1))];
            var digits = value.ToString("F2", CultureInfo.InvariantCulture);
            return $"{shade}{shade} {(digits == "-0.00" ? "0.00" : digits)}"; // which side of 0 rounding falls on differs between machines
        }
    }
}
