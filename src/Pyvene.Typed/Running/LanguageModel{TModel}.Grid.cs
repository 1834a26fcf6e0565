using System.Diagnostics.Contracts;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed;

public sealed partial class LanguageModel<TModel>
{
    /// <summary>
    /// Returns a sweep as data instead of running it: one experiment for every value of an axis. A product of axes, <c>Gpt2.AllLayers.By(Gpt2.AllHeads)</c>,
    /// gives as many axes as it has.
    /// </summary>
    /// <typeparam name="T">The type of a value of the axis.</typeparam>
    /// <typeparam name="TSources">The number of sources that the experiments read.</typeparam>
    /// <param name="axis">The axis.</param>
    /// <param name="cell">Returns the experiment of a cell.</param>
    /// <param name="base">The prompt that is intervened on; positions are those of its first example.</param>
    /// <param name="sources">The sources in order, as many as the experiments read: <c>[]</c> for none, <see cref="Source.Skip"/> leaves one out on
    /// purpose.</param>
    /// <param name="metrics">What is read off the next-token logits: a metric, or several as <c>[first, second]</c>.</param>
    /// <returns>The grid, which <see cref="LanguageModel.Sweep(SweepGrid, RunOptions?)"/> runs.</returns>
    /// <exception cref="InterventionException">An axis, a prompt or a metric does not fit the model.</exception>
    /// <exception cref="ArgumentException">There are more or fewer sources than the experiments read.</exception>
    [Pure]
    public SweepGrid Grid<T, TSources>(
        IAxis<TModel, T> axis, Func<T, Experiment<TModel, TSources>> cell, Prompt @base, IReadOnlyList<SourceInput> sources, Metrics metrics)
        where TSources : ISourceCount
    {
        ArgumentNullException.ThrowIfNull(axis);
        ArgumentNullException.ThrowIfNull(cell);
        return GridOf(
            axis.FactorsIn,
            scope => [.. axis.PointsIn(scope).Select(point => Returned(cell(point.Value)).ToConfig())],
            @base,
            sources,
            metrics);
    }

    /// <summary>Returns a sweep as data instead of running it: one experiment for every pair of values of two axes.</summary>
    /// <typeparam name="TRow">The type of a value of the rows.</typeparam>
    /// <typeparam name="TColumn">The type of a value of the columns.</typeparam>
    /// <typeparam name="TSources">The number of sources that the experiments read.</typeparam>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns, which run fastest.</param>
    /// <param name="cell">Returns the experiment of a cell.</param>
    /// <param name="base">The prompt that is intervened on; positions are those of its first example.</param>
    /// <param name="sources">The sources in order, as many as the experiments read: <c>[]</c> for none.</param>
    /// <param name="metrics">What is read off the next-token logits: a metric, or several as <c>[first, second]</c>.</param>
    /// <inheritdoc cref="Grid{T, TSources}(IAxis{TModel, T}, Func{T, Experiment{TModel, TSources}}, Prompt, IReadOnlyList{SourceInput}, Metrics)"/>
    [Pure]
    public SweepGrid Grid<TRow, TColumn, TSources>(
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Experiment<TModel, TSources>> cell,
        Prompt @base,
        IReadOnlyList<SourceInput> sources,
        Metrics metrics)
        where TSources : ISourceCount
    {
        ArgumentNullException.ThrowIfNull(cell);
        return Grid(rows.By(columns), pair => cell(pair.First, pair.Second), @base, sources, metrics);
    }
}
