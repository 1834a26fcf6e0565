using System.Globalization;
using System.Text;
using System.Text.Json;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Json;
using TorchSharp;

namespace Pyvene.Typed.Analysis;

/// <summary>Is the result of a sweep: a metric for every layer and position; it prints as a heat-map. Immutable.</summary>
public class SweepTable
{
    private readonly double[,] values; // means
    private readonly IReadOnlyList<AxisPoint> down;
    private readonly IReadOnlyList<AxisPoint> across;
    private readonly int shown;

    internal SweepTable(
        IReadOnlyList<SweptMetric> metrics,
        int shown,
        IReadOnlyList<AxisPoint> down,
        IReadOnlyList<AxisPoint> across,
        IReadOnlyList<EffectReceipt> receipts)
    {
        (All, Shown, this.shown) = (metrics, metrics[shown], shown);
        (this.down, this.across) = (down, across);
        Rows = [.. down.Select(row => row.Name)];
        Columns = [.. across.Select(column => column.Name)];
        values = Means(Shown.Cells);
        Receipts = receipts;
    }

    /// <summary>Gets the metric's name.</summary>
    public string Metric => Shown.Name;

    /// <summary>Gets the names of all metrics that the sweep read; <see cref="Of(Metric)"/> returns the table of each.</summary>
    public IReadOnlyList<string> Metrics => [.. All.Select(metric => metric.Name)];

    /// <summary>Gets the controls that the sweep ran beside its cells; <see cref="Of(Control)"/> returns the table of each.</summary>
    public IReadOnlyList<Control> Controls => [.. Shown.Controls.Select(one => one.Control)];

    /// <summary>Gets the names of the rows: the layers.</summary>
    public IReadOnlyList<string> Rows { get; }

    /// <summary>Gets the names of the columns: the tokens at the positions.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Gets the metric of the clean base, the mean over the examples.</summary>
    public double Clean => Shown.Clean.Mean;

    /// <summary>Gets the metric of the clean base for every example.</summary>
    public Sample CleanValues => Shown.Clean;

    /// <summary>Gets what every intervention of every cell did, row by row.</summary>
    public IReadOnlyList<EffectReceipt> Receipts { get; }

    /// <summary>
    /// Gets the metric of one cell, the mean over the examples, by the places of its row and its column. A sweep's own table is better indexed by the values of
    /// its axes: <c>table[layer, position]</c>.
    /// </summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="ArgumentException">The axis has no such place, or another value there than the one with this number, as the layers <c>2..6</c> have:
    /// which is meant cannot be told.</exception>
    public double this[int row, int column] => values[PlaceOf(down, row, nameof(row)), PlaceOf(across, column, nameof(column))];

    /// <summary>Gets all metrics of the sweep.</summary>
    internal IReadOnlyList<SweptMetric> All { get; }

    /// <summary>Gets the values of the rows.</summary>
    internal IReadOnlyList<AxisPoint> Down => down;

    /// <summary>Gets the values of the columns.</summary>
    internal IReadOnlyList<AxisPoint> Across => across;

    /// <summary>
    /// Gets how strongly each value is shaded: around the clean one; what rounding explains is as large as the values were that the metric read.
    /// </summary>
    internal Shading Shading => Shading.Around(
        Clean + (Shown.Taken ?? 0), [.. values.Cast<double>().Select(value => value + (Shown.Taken ?? 0))], Shown.Metric.Rounding) with { Centre = Clean };

    private SweptMetric Shown { get; }

    /// <summary>Returns the metric of one cell for every example, by the places of its row and its column, as the indexer takes them.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="ArgumentException">The axis has no such place, or another value there than the one with this number.</exception>
    public Sample Values(int row, int column) => Shown.Cells[PlaceOf(down, row, nameof(row)), PlaceOf(across, column, nameof(column))];

    /// <summary>Returns the table of another metric that the same sweep read.</summary>
    /// <param name="metric">The metric.</param>
    /// <exception cref="ArgumentException">The sweep did not read it.</exception>
    public virtual SweepTable Of(Metric metric) => new(All, IndexOf(metric), down, across, Receipts);

    /// <summary>Returns the table of a control that the same sweep ran: what the metric was in its stead.</summary>
    /// <remarks>The values of a cell (<see cref="Values"/>) are one an example; those of several draws are one a draw, the mean over the examples.</remarks>
    /// <param name="control">The control.</param>
    /// <exception cref="ArgumentException">The sweep did not run it.</exception>
    public virtual SweepTable Of(Control control)
    {
        var (metrics, receipts) = Under(control);
        return new(metrics, shown, down, across, receipts);
    }

    /// <summary>Returns the table of what the interventions changed: every value less that of the clean base, example by example.</summary>
    /// <remarks>The clean value (<see cref="Clean"/>) is then 0, or not a number where it was not finite. Other metrics and controls that it returns are less
    /// theirs, too; of several draws each is less the mean of the clean examples. Of such a table the result is the same once more.</remarks>
    public virtual SweepTable LessClean() => new(AllLessClean, shown, down, across, Receipts);

    /// <summary>Gets all metrics, each less its clean value.</summary>
    private protected IReadOnlyList<SweptMetric> AllLessClean => [.. All.Select(metric => metric.LessClean())];

    /// <summary>Returns what the metrics read under a control, and what its interventions did.</summary>
    private protected (IReadOnlyList<SweptMetric> Metrics, IReadOnlyList<EffectReceipt> Receipts) Under(Control control)
    {
        ArgumentNullException.ThrowIfNull(control);
        var index = Shown.Controls.Select(one => one.Control).ToList().IndexOf(control);
        return index >= 0
            ? ([.. All.Select(metric => metric.Under(index))], Shown.Controls[index].Receipts)
            : throw control.NotRun(Controls, nameof(control));
    }

    /// <summary>Gets which of the metrics is shown.</summary>
    private protected int ShownIndex => shown;

    /// <summary>Returns the place of a metric among those that the sweep read.</summary>
    private protected int IndexOf(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        for (var index = 0; index < All.Count; index++)
        {
            if (All[index].Metric.Equals(metric)) return index;
        }

        throw new ArgumentException($"The sweep did not read '{metric.Name}'; it read {string.Join(", ", All.Select(one => one.Name))}.", nameof(metric));
    }

    /// <summary>Returns the values of the cell at a row and a column, from 0, which are in the table.</summary>
    private protected Sample At(int row, int column) => Shown.Cells[row, column];

    private static int PlaceOf(IReadOnlyList<AxisPoint> points, int place, string side)
    {
        if (place < 0 || place >= points.Count)
        {
            throw new ArgumentOutOfRangeException(side, FormattableString.Invariant(
                $"The table has no {side} {place}; it has {points.Count} (0 to {points.Count - 1}): {string.Join(", ", points.Select(point => point.Name))}."));
        }

        return points.Count == 1 || (points[place].Number ?? place) == place
            ? place
            : throw new ArgumentException(
                FormattableString.Invariant($"The {side} at place {place} of this table is '{points[place].Name}', so {place} could mean either. ")
                    + "Index it with a value of the axis, as in table[layer, position], or take places of ToArray().",
                side);
    }

    /// <summary>Returns the values: [row, column]. A copy.</summary>
    public double[,] ToArray() => (double[,])values.Clone();

    /// <summary>
    /// Returns the table as comma-separated values: a header with the columns, and a line a row; numbers with full precision. Controls stand beside a table of
    /// one column; of others, <c>table.Of(control).ToCsv()</c> has them.
    /// </summary>
    public string ToCsv()
    {
        var (columns, cells) = BesideControls();
        var text = new StringBuilder("row");
        foreach (var column in columns)
        {
            text.Append(',').Append(TensorExport.Quoted(column));
        }

        for (var row = 0; row < Rows.Count; row++)
        {
            text.Append('\n').Append(TensorExport.Quoted(Rows[row]));
            for (var column = 0; column < columns.Count; column++)
            {
                text.Append(',').Append(cells[row, column].ToString("R", CultureInfo.InvariantCulture));
            }
        }

        return text.Append('\n').ToString();
    }

    /// <summary>
    /// Returns the table as JSON: <c>metric</c>, <c>clean</c>, <c>rows</c>, <c>columns</c>, and <c>values</c> row by row; with several examples also
    /// <c>examples</c>, the values of every cell in a list, and <c>clean_examples</c>; with controls <c>controls</c>, the values under each by its name.
    /// </summary>
    public string ToJson()
    {
        var table = new Dictionary<string, object>
        {
            ["metric"] = Metric,
            ["clean"] = Clean,
            ["rows"] = Rows,
            ["columns"] = Columns,
            ["values"] = Rows.Select((_, row) => Columns.Select((_, column) => values[row, column])),
        };
        if (Shown.Clean.Count > 1)
        {
            table["examples"] = Rows.Select((_, row) => Columns.Select((_, column) => Shown.Cells[row, column]));
            table["clean_examples"] = Shown.Clean;
        }

        if (Shown.Controls.Count > 0)
        {
            table["controls"] = Shown.Controls.ToDictionary(
                one => one.Control.ToString(), one => Rows.Select((_, row) => Columns.Select((_, column) => one.Cells[row, column].Mean)));
        }

        return JsonSerializer.Serialize(table, JsonForm.Relaxed);
    }

    /// <summary>Writes the table to a file; its ending says in which form.</summary>
    /// <param name="path">
    /// A file that ends in <c>.csv</c>, <c>.json</c> or <c>.safetensors</c> (float64 tensors <c>values</c>, [row, column], and <c>examples</c>, [row, column,
    /// example], with the names in the metadata); an existing one is replaced at once or not at all.
    /// </param>
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
                double[] each = [.. Shown.Cells.Cast<Sample>().SelectMany(cell => cell)];
                using (var means = torch.tensor(values.Cast<double>().ToArray(), [Rows.Count, Columns.Count])) // [row, column]
                using (var examples = torch.tensor(each, [Rows.Count, Columns.Count, Shown.Clean.Count])) // [row, column, example]
                {
                    SafetensorsWriter.Write(path, [("values", means), ("examples", examples)], new Dictionary<string, string>
                    {
                        ["metric"] = Metric,
                        ["rows"] = JsonSerializer.Serialize(Rows, JsonForm.Plain),
                        ["columns"] = JsonSerializer.Serialize(Columns, JsonForm.Plain),
                        ["clean"] = Clean.ToString("R", CultureInfo.InvariantCulture),
                    });
                }

                break;
        }
    }

    /// <summary>
    /// Returns the heat-map as text: every cell its number and a shade, the darker the further it is from the clean value; what rounding alone explains stays
    /// blank. Controls stand beside a table of one column, and below others, shaded on the same scale.
    /// </summary>
    public override string ToString()
    {
        var heading = string.Create(CultureInfo.InvariantCulture, $"{Metric}, clean {Clean:F2}");
        var (columns, cells) = BesideControls();
        return ShadedText.Of(heading, Rows, columns, cells, Shading.Of) + (columns.Count > Columns.Count
            ? ""
            : string.Concat(Shown.Controls.Select(one => "\n" + ShadedText.Of(one.Control.ToString(), Rows, Columns, Means(one.Cells), Shading.Of))));
    }

    private static double[,] Means(Sample[,] cells)
    {
        var means = new double[cells.GetLength(0), cells.GetLength(1)];
        for (var index = 0; index < means.Length; index++)
        {
            var (row, column) = Math.DivRem(index, means.GetLength(1));
            means[row, column] = cells[row, column].Mean;
        }

        return means;
    }

    /// <summary>Returns the columns and the values, with the controls as further columns where there is one column only.</summary>
    private (IReadOnlyList<string> Columns, double[,] Values) BesideControls()
    {
        if (Columns.Count > 1 || Shown.Controls.Count == 0) return (Columns, values);
        var beside = new double[Rows.Count, Shown.Controls.Count + 1];
        for (var row = 0; row < Rows.Count; row++)
        {
            beside[row, 0] = values[row, 0];
            for (var control = 0; control < Shown.Controls.Count; control++)
            {
                beside[row, control + 1] = Shown.Controls[control].Cells[row, 0].Mean;
            }
        }

        return ([.. Columns, .. Controls.Select(control => control.ToString())], beside);
    }
}
