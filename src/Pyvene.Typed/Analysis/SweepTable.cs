using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using TorchSharp;

namespace Pyvene.Typed.Analysis;

/// <summary>Is the result of a sweep: a metric for every layer and position; it prints as a heat-map. Immutable.</summary>
public sealed class SweepTable
{
    private const string Shades = " ░▒▓█";
    private readonly double[,] values;

    internal SweepTable(string metric, IReadOnlyList<string> rows, IReadOnlyList<string> columns, double[,] values, double clean, IReadOnlyList<EffectReceipt> receipts)
    {
        Metric = metric;
        Rows = rows;
        Columns = columns;
        this.values = values;
        Clean = clean;
        Receipts = receipts;
    }

    /// <summary>Gets the metric's name.</summary>
    public string Metric { get; }

    /// <summary>Gets the names of the rows: the layers.</summary>
    public IReadOnlyList<string> Rows { get; }

    /// <summary>Gets the names of the columns: the tokens at the positions.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Gets the metric of the clean base.</summary>
    public double Clean { get; }

    /// <summary>Gets what every intervention of every cell did, row by row.</summary>
    public IReadOnlyList<EffectReceipt> Receipts { get; }

    /// <summary>Gets the metric of one cell, the mean over the examples.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    public double this[int row, int column] => values[row, column];

    /// <summary>Returns the values: [row, column]. A copy.</summary>
    public double[,] ToArray() => (double[,])values.Clone();

    /// <summary>Returns the table as comma-separated values: a header with the columns, and a line a row; numbers with full precision.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("row");
        foreach (var column in Columns)
        {
            text.Append(',').Append(TensorExport.Quoted(column));
        }

        for (var row = 0; row < Rows.Count; row++)
        {
            text.Append('\n').Append(TensorExport.Quoted(Rows[row]));
            for (var column = 0; column < Columns.Count; column++)
            {
                text.Append(',').Append(values[row, column].ToString("R", CultureInfo.InvariantCulture));
            }
        }

        return text.Append('\n').ToString();
    }

    /// <summary>Returns the table as JSON: <c>metric</c>, <c>clean</c>, <c>rows</c>, <c>columns</c>, and <c>values</c> row by row.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new { metric = Metric, clean = Clean, rows = Rows, columns = Columns, values = Rows.Select((_, row) => Columns.Select((_, column) => values[row, column])) },
        new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes the table to a file; its ending says in which form.</summary>
    /// <param name="path">A file that ends in <c>.csv</c>, <c>.json</c> or <c>.safetensors</c> (a float64 tensor <c>values</c>, [row, column], with the names in the metadata); an existing one is replaced at once or not at all.</param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        switch (TensorExport.EndingOf(path))
        {
            case ".csv":
                WholeFile.Write(path, ToCsv());
                break;
            case ".json":
                WholeFile.Write(path, ToJson());
                break;
            default:
                using (var tensor = torch.tensor(values.Cast<double>().ToArray(), [Rows.Count, Columns.Count])) // [row, column]
                {
                    SafetensorsWriter.Write(path, [("values", tensor)], new Dictionary<string, string> { ["metric"] = Metric, ["rows"] = JsonSerializer.Serialize(Rows), ["columns"] = JsonSerializer.Serialize(Columns), ["clean"] = Clean.ToString("R", CultureInfo.InvariantCulture) });
                }

                break;
        }
    }

    /// <summary>Returns the heat-map as text: every cell its number and a shade from the smallest to the largest value.</summary>
    public override string ToString()
    {
        var all = values.Cast<double>().ToArray();
        var (low, high) = (all.Min(), all.Max());
        var label = Rows.Max(row => row.Length);
        var widths = Columns.Select(column => Math.Max(column.Length, 7)).ToArray();
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Metric}, clean {Clean:F2}\n").Append(' ', label);
        for (var column = 0; column < Columns.Count; column++)
        {
            text.Append("  ").Append(Columns[column].PadLeft(widths[column]));
        }

        for (var row = 0; row < Rows.Count; row++)
        {
            text.Append('\n').Append(Rows[row].PadRight(label));
            for (var column = 0; column < Columns.Count; column++)
            {
                var value = values[row, column];
                var shade = Shades[high > low ? (int)Math.Round((value - low) / (high - low) * (Shades.Length - 1)) : 0];
                text.Append("  ").Append(string.Create(CultureInfo.InvariantCulture, $"{shade}{shade} {value:F2}").PadLeft(widths[column]));
            }
        }

        return text.Append('\n').ToString();
    }
}
