namespace Pyvene.Typed.Analysis;

/// <summary>Is what one metric read in a sweep.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Name">The name that results show.</param>
/// <param name="Cells">Its values: [row, column], each with a number an example.</param>
/// <param name="Clean">Its values for the clean base.</param>
internal sealed record SweptMetric(Metric Metric, string Name, Sample[,] Cells, Sample Clean)
{
    /// <summary>Gets what it read under each control.</summary>
    public IReadOnlyList<SweptControl> Controls { get; init; } = [];

    /// <summary>Returns what it read under a control, as a metric of its own.</summary>
    public SweptMetric Under(int control) => new(Metric, $"{Name}, {Controls[control].Control.Name}", Controls[control].Cells, Clean);
}
