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
    public SweptMetric Under(int control) => this with
    {
        Name = $"{Name}, {Controls[control].Control.Name}",
        Cells = Controls[control].Cells,
        Controls = [],
        IsOfDraws = Controls[control].Control.Draws > 1,
    };

    /// <summary>Gets the mean of the clean values that were taken off; <see langword="null"/> = none were.</summary>
    public double? Taken { get; private init; }

    // Whether the values of a cell are one a draw, so that none belongs to an example.
    private bool IsOfDraws { get; init; }

    /// <summary>Returns every value less the clean one; of one that is so already, itself.</summary>
    public SweptMetric LessClean() => Taken is not null ? this : this with
    {
        Name = $"{Name} − clean",
        Cells = Less(Cells, IsOfDraws),
        Clean = Less(Clean, isOfDraws: false),
        Controls = [.. Controls.Select(one => one with { Cells = Less(one.Cells, one.Control.Draws > 1) })],
        Taken = Clean.Mean,
    };

    private Sample[,] Less(Sample[,] cells, bool isOfDraws)
    {
        var less = new Sample[cells.GetLength(0), cells.GetLength(1)];
        for (var row = 0; row < less.GetLength(0); row++)
        {
            for (var column = 0; column < less.GetLength(1); column++) less[row, column] = Less(cells[row, column], isOfDraws);
        }

        return less;
    }

    private Sample Less(Sample sample, bool isOfDraws) =>
        Sample.Of([.. sample.Select((value, index) => value - (isOfDraws ? Clean.Mean : Clean[index]))]);
}
