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
    /// <summary>Runs the cells of two axes and reads metrics off each.</summary>
    /// <param name="reader">Reads the metrics.</param>
    /// <param name="down">The values of the rows.</param>
    /// <param name="across">The values of the columns.</param>
    /// <param name="options">The settings of the sweep.</param>
    /// <param name="run">Runs the cells, row by row, and hands on each.</param>
    /// <exception cref="InterventionException">No cell has an effect, or a metric is no number in a cell.</exception>
    public static Measured<TRow, TColumn> Of(
        MetricReader reader,
        IReadOnlyList<AxisPoint<TRow>> down,
        IReadOnlyList<AxisPoint<TColumn>> across,
        RunOptions options,
        Func<Action<SweptCell>, EffectReceipt[][]> run)
    {
        Sample[]? before = null;
        var values = new Sample[down.Count * across.Count][]; // [cell][metric]
        var receipts = run(swept =>
        {
            before ??= reader.Read(swept.Clean, swept.Clean);
            values[swept.Index] = reader.Read(swept.Logits, swept.Clean);
        });
        for (var index = 0; index < values.Length && options.Effects != EffectCheck.Report; index++)
        {
            reader.RefuseNotANumber(values[index], $"{down[index / across.Count].Name} and {across[index % across.Count].Name}");
        }

        return new([.. reader.Metrics.Select(Swept)], down, across, [.. receipts.SelectMany(of => of)]);

        SweptMetric Swept(Metric metric, int which)
        {
            var samples = new Sample[down.Count, across.Count];
            for (var index = 0; index < values.Length; index++)
            {
                samples[index / across.Count, index % across.Count] = values[index][which];
            }

            return new(metric, reader.Names[which], samples, before![which]);
        }
    }

    /// <summary>Returns the table.</summary>
    public SweepTable<TRow, TColumn> ToTable() => new(Metrics, 0, Rows, Columns, Receipts);

    /// <summary>Returns the table of the only column.</summary>
    public SweepTable<TRow> ToColumn() => new(Metrics, 0, Rows, Receipts);
}
