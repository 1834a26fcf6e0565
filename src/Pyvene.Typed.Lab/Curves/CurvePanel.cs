namespace Pyvene.Typed.Lab;

/// <summary>Is the lines that share an axis.</summary>
/// <param name="Title">What they show.</param>
/// <param name="Lines">The lines.</param>
/// <param name="Range">From where to where the axis goes at least; <see langword="null"/> = as the values do.</param>
internal sealed record CurvePanel(string Title, IReadOnlyList<Series> Lines, (double Low, double High)? Range = null)
{
    /// <summary>Returns the smallest and the largest value; of one value something around it.</summary>
    public (double Low, double High) Extent()
    {
        var values = Lines.SelectMany(line => line.Points).Select(point => point.Y).Where(double.IsFinite)
            .Concat(Range is { } range ? [range.Low, range.High] : []).DefaultIfEmpty(0).ToArray();
        var (low, high) = (values.Min(), values.Max());
        return high > low ? (low, high) : (low - Math.Max(Math.Abs(low) * 0.1, 1e-6), high + Math.Max(Math.Abs(high) * 0.1, 1e-6));
    }

    /// <summary>Returns the numbers that stand at an axis: round ones, about so many.</summary>
    public static IReadOnlyList<double> Ticks(double low, double high, int count)
    {
        var rough = (high - low) / count;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var first = Math.Ceiling(Math.Round(low / step, 6));
        return [.. Enumerable.Range(0, count + 2).Select(index => (first + index) * step).TakeWhile(tick => tick <= high + (step * 1e-6))];
    }
}
