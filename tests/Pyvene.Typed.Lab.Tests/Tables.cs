using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Lab.Tests;

/// <summary>Tables as sweeps make them, without a model.</summary>
internal static class Tables
{
    public static readonly string[] Tokens = ["The", " capital", " of", " Spain", " is"];

    /// <summary>Returns a table of layers and positions.</summary>
    public static SweepTable OfTokens(double clean, double[,] values, params string[] tokens) => Of(
        [(Metric.Probability(" Rome"), clean, values)],
        Layers(values.GetLength(0)),
        [.. tokens.Select((token, position) => new AxisPoint<Index>(position, token.Trim(), position) { Token = token })]);

    /// <summary>Returns a table of layers and heads.</summary>
    public static SweepTable OfHeads(double clean, double[,] values, Metric? metric = null) => Of(
        [(metric ?? Metric.LogitDifference(" Rome", " Madrid"), clean, values)],
        Layers(values.GetLength(0)),
        [.. Enumerable.Range(0, values.GetLength(1)).Select(head => new AxisPoint<int>(head, $"head {head}", head))]);

    /// <summary>Returns the table of the first of several metrics.</summary>
    public static SweepTable Of(
        IReadOnlyList<(Metric Metric, double Clean, double[,] Values)> metrics, IReadOnlyList<AxisPoint> rows, IReadOnlyList<AxisPoint> columns) => new(
        [.. metrics.Select(metric => new SweptMetric(metric.Metric, metric.Metric.Name, Cells(metric.Values), Sample.Of(metric.Clean)))], 0, rows, columns, []);

    public static AxisPoint[] Layers(int count) => [.. Enumerable.Range(0, count).Select(layer => new AxisPoint<int>(layer, $"layer {layer}", layer))];

    /// <summary>Returns values that a function gives, [row, column].</summary>
    public static double[,] Values(int rows, int columns, Func<int, int, double> value)
    {
        var values = new double[rows, columns];
        for (var index = 0; index < values.Length; index++) values[index / columns, index % columns] = value(index / columns, index % columns);
        return values;
    }

    private static Sample[,] Cells(double[,] values)
    {
        var cells = new Sample[values.GetLength(0), values.GetLength(1)];
        for (var index = 0; index < values.Length; index++)
        {
            var (row, column) = (index / cells.GetLength(1), index % cells.GetLength(1));
            cells[row, column] = Sample.Of(values[row, column]);
        }

        return cells;
    }
}
