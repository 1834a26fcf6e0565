using System.Collections.Immutable;
using Pyvene.Typed.Configuration;

namespace Pyvene.Typed;

/// <summary>
/// Is a sweep as plain data: named axes, a configuration for every cell, the prompts and the metrics. It is saved as JSON, loaded, and run by a model of
/// whatever type: <c>model.Sweep(grid)</c>, <c>model.SweepAsync(grid)</c>. Immutable.
/// </summary>
public sealed partial class SweepGrid
{
    /// <summary>Initialises the grid.</summary>
    /// <param name="axes">The axes, at least one, each with a name of its own; the last runs fastest.</param>
    /// <param name="cells">A configuration for every combination of their values, all of one architecture, mode and number of sources.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="sources">The sources in order, as many as a cell reads; <see langword="null"/> = none.</param>
    /// <param name="metrics">What is read off the next-token logits.</param>
    /// <exception cref="ArgumentException">The numbers of axes, cells and sources do not fit.</exception>
    public SweepGrid(
        IReadOnlyList<SweepAxis> axes, IReadOnlyList<InterventionConfig> cells, Prompt @base, IReadOnlyList<SourceInput>? sources, Metrics metrics)
    {
        Axes = [.. axes.Given()];
        Cells = [.. cells.Given()];
        Base = @base.Given();
        Sources = [.. sources ?? []];
        Metrics = metrics.Given();
        if (Axes.IsEmpty || Axes.Any(axis => axis is null) || Axes.DistinctBy(axis => axis.Name).Count() < Axes.Length)
        {
            throw new ArgumentException("A grid needs at least one axis, and each a name of its own.", nameof(axes));
        }

        var product = Axes.Aggregate(1.0, (count, axis) => count * axis.Values.Length);
        if (product != Cells.Length)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The axes have {string.Join(" × ", Axes.Select(axis => axis.Values.Length))} values, {product} combinations, ")
                    + FormattableString.Invariant($"but there are {Cells.Length} cells; give one for every combination, the last axis fastest."),
                nameof(cells));
        }

        var first = Cells[0].Given("cell");
        if (Cells.FirstOrDefault(cell => Kind(cell.Given()) != Kind(first)) is { } other)
        {
            throw new ArgumentException(
                $"All cells of a grid have one architecture, mode and number of sources, but the first has {Kind(first)} and another {Kind(other)}.",
                nameof(cells));
        }

        if (Sources.Length != first.Sources || Sources.Any(source => source is null))
        {
            throw new ArgumentException(
                $"The cells take {first.Sources} sources, but {Sources.Length} were given; leave one out on purpose with Source.Skip.", nameof(sources));
        }

        static (string? Architecture, CompositionMode Mode, int Sources) Kind(InterventionConfig cell) => (cell.Architecture, cell.Mode, cell.Sources);
    }

    /// <summary>Gets the axes; the last runs fastest.</summary>
    public ImmutableArray<SweepAxis> Axes { get; }

    /// <summary>Gets the configurations of the cells.</summary>
    public ImmutableArray<InterventionConfig> Cells { get; }

    /// <summary>Gets the prompt that is intervened on.</summary>
    public Prompt Base { get; }

    /// <summary>Gets the sources, in order.</summary>
    public ImmutableArray<SourceInput> Sources { get; }

    /// <summary>Gets what is read off the next-token logits.</summary>
    public Metrics Metrics { get; }

    /// <summary>Returns the names of a cell's values, one an axis.</summary>
    /// <param name="cell">The cell, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such cell.</exception>
    public ImmutableArray<string> NamesOf(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cell);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cell, Cells.Length);
        var names = new string[Axes.Length];
        for (var axis = Axes.Length - 1; axis >= 0; axis--)
        {
            (cell, var place) = Math.DivRem(cell, Axes[axis].Values.Length);
            names[axis] = Axes[axis].Values[place];
        }

        return [.. names];
    }

    /// <summary>Returns the grid in words.</summary>
    public override string ToString() =>
        $"{string.Join(" × ", Axes.Select(axis => $"{axis.Values.Length} {axis.Name}"))}, reading {Metrics}";

    /// <summary>Gets the rows of the table: the combinations of all axes but the last, or the only axis.</summary>
    internal IReadOnlyList<AxisPoint<string>> Rows => Axes.Length <= 2
        ? Axes[0].Points
        : Axes[..^1].Aggregate((IReadOnlyList<AxisPoint<string>>)[new("", "")], (rows, axis) =>
            [.. rows.SelectMany(row => axis.Values.Select(value => row.Name.Length == 0 ? value : $"{row.Name}, {value}"))
                .Select(name => new AxisPoint<string>(name, name))]);

    /// <summary>Gets the columns of the table: the last axis, or one column.</summary>
    internal IReadOnlyList<AxisPoint<string>> Columns => Axes.Length == 1 ? [new("value", "value")] : Axes[^1].Points;
}
