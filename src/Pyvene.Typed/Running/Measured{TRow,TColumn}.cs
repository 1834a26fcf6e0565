using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Running;

/// <summary>Is what a sweep measured.</summary>
/// <param name="Metrics">What every metric read.</param>
/// <param name="Rows">The values of the rows.</param>
/// <param name="Columns">The values of the columns.</param>
/// <param name="Receipts">What the interventions of all cells did.</param>
internal sealed record Measured<TRow, TColumn>(
    IReadOnlyList<SweptMetric> Metrics, IReadOnlyList<AxisPoint<TRow>> Rows, IReadOnlyList<AxisPoint<TColumn>> Columns, IReadOnlyList<EffectReceipt> Receipts)
{
    /// <summary>Puts together what was read off the cells of two axes.</summary>
    /// <param name="reading">What was read, row by row.</param>
    /// <param name="down">The values of the rows.</param>
    /// <param name="across">The values of the columns.</param>
    /// <param name="options">The settings of the sweep.</param>
    /// <param name="receipts">What the interventions of every cell did.</param>
    /// <param name="controls">What was read under every control, [metric][cell], and what its interventions did, cell by cell.</param>
    /// <exception cref="InterventionException">A metric is no number in a cell.</exception>
    public static Measured<TRow, TColumn> Of(
        CellReading reading,
        IReadOnlyList<AxisPoint<TRow>> down,
        IReadOnlyList<AxisPoint<TColumn>> across,
        RunOptions options,
        EffectReceipt[][] receipts,
        IReadOnlyList<(Control Control, Sample[][] Values, EffectReceipt[][] Receipts)> controls)
    {
        for (var index = 0; index < reading.Values.Length && options.Effects != EffectCheck.Report; index++)
        {
            reading.Reader.RefuseNotANumber(reading.Values[index], $"{down[index / across.Count].Name} and {across[index % across.Count].Name}");
        }

        return new([.. reading.Reader.Metrics.Select(Swept)], down, across, [.. receipts.SelectMany(of => of)]);

        SweptMetric Swept(Metric metric, int which) =>
            new(metric, reading.Reader.Names[which], Table([.. reading.Values.Select(values => values[which])]), reading.Clean![which])
            {
                Controls = [.. controls.Select(control => new SweptControl(
                    control.Control, Table(control.Values[which]), [.. control.Receipts.SelectMany(of => of)]))],
            };

        Sample[,] Table(Sample[] cells)
        {
            var samples = new Sample[down.Count, across.Count];
            for (var index = 0; index < cells.Length; index++)
            {
                samples[index / across.Count, index % across.Count] = cells[index];
            }

            return samples;
        }
    }

    /// <summary>Returns the table.</summary>
    public SweepTable<TRow, TColumn> ToTable() => new(Metrics, 0, Rows, Columns, Receipts);

    /// <summary>Returns the table of the only column.</summary>
    public SweepTable<TRow> ToColumn() => new(Metrics, 0, Rows, Receipts);
}
