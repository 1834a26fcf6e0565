using System.Diagnostics.Contracts;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed;

public sealed partial class LanguageModel<TModel>
{
    /// <summary>Runs one experiment for every pair of values of two axes, such as layers and positions, and reads a metric off each.</summary>
    /// <remarks>
    /// The cells share one clean run of the base and one run of the source: each starts in the layer that it changes, all of them in one batch. Every value
    /// equals that of a run by itself up to rounding.
    /// </remarks>
    /// <typeparam name="TRow">The type of a value of the rows, such as <c>Gpt2.Block</c>.</typeparam>
    /// <typeparam name="TColumn">The type of a value of the columns, such as <see cref="Index"/>.</typeparam>
    /// <param name="rows">The rows, such as <c>Gpt2.AllLayers</c>, or a product of axes.</param>
    /// <param name="columns">The columns, such as <see cref="Positions.All"/> or <c>Gpt2.AllHeads</c>.</param>
    /// <param name="cell">Returns the experiment of a cell.</param>
    /// <param name="base">The prompt that is intervened on. With several examples the table shows means, and has the values of each.</param>
    /// <param name="source">The prompt that is read.</param>
    /// <param name="metrics">What is read off the next-token logits: a metric, or several in one pass, as <c>[first, second]</c>; the table shows the first,
    /// and its <see cref="SweepTable.Of(Metric)"/> another.</param>
    /// <param name="options">What happens when no cell has an effect (<see cref="RunOptions.Effects"/>), and which work is shared; <see langword="null"/> = the
    /// defaults. The clean run and the next token's logits are always those of a sweep, and it records no gradients.</param>
    /// <returns>The table; the values of its axes index it.</returns>
    /// <exception cref="InterventionException">An axis, a cell, a prompt or the metric does not fit the model (nothing has run), no cell has an effect, or the
    /// metric is no number in a cell.</exception>
    [Pure]
    public SweepTable<TRow, TColumn> Sweep<TRow, TColumn>(
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Experiment<TModel, OneSource>> cell,
        Prompt @base,
        SourceInput source,
        Metrics metrics,
        RunOptions? options = null) =>
        Measured(Points(rows), Points(columns), Configs(cell), @base, metrics, options, source).ToTable();

    /// <summary>Runs one experiment that reads no source for every pair of values of two axes and reads a metric off each.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TModel, TRow}, IAxis{TModel, TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt,
    /// SourceInput, Metrics, RunOptions?)"/>
    [Pure]
    public SweepTable<TRow, TColumn> Sweep<TRow, TColumn>(
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Experiment<TModel, NoSource>> cell,
        Prompt @base,
        Metrics metrics,
        RunOptions? options = null) =>
        Measured(Points(rows), Points(columns), Configs(cell), @base, metrics, options).ToTable();

    /// <summary>Runs one experiment for every value of an axis and every position, such as those of <c>1..^1</c>, and reads a metric off each.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TModel, TRow}, IAxis{TModel, TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt,
    /// SourceInput, Metrics, RunOptions?)"/>
    [Pure]
    public SweepTable<TRow, Index> Sweep<TRow>(
        IAxis<TModel, TRow> rows,
        Positions columns,
        Func<TRow, Index, Experiment<TModel, OneSource>> cell,
        Prompt @base,
        SourceInput source,
        Metrics metrics,
        RunOptions? options = null) =>
        Measured(Points(rows), PointsOf(columns), Configs(cell), @base, metrics, options, source).ToTable();

    /// <summary>Runs one experiment that reads no source for every value of an axis and every position and reads a metric off each.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TModel, TRow}, IAxis{TModel, TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt,
    /// SourceInput, Metrics, RunOptions?)"/>
    [Pure]
    public SweepTable<TRow, Index> Sweep<TRow>(
        IAxis<TModel, TRow> rows,
        Positions columns,
        Func<TRow, Index, Experiment<TModel, NoSource>> cell,
        Prompt @base,
        Metrics metrics,
        RunOptions? options = null) =>
        Measured(Points(rows), PointsOf(columns), Configs(cell), @base, metrics, options).ToTable();

    /// <summary>Runs one experiment for every value of an axis and reads a metric off each: a table of one column.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TModel, TRow}, IAxis{TModel, TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt,
    /// SourceInput, Metrics, RunOptions?)"/>
    [Pure]
    public SweepTable<TRow> Sweep<TRow>(
        IAxis<TModel, TRow> rows,
        Func<TRow, Experiment<TModel, OneSource>> cell,
        Prompt @base,
        SourceInput source,
        Metrics metrics,
        RunOptions? options = null) =>
        Measured(Points(rows), OnlyColumn, Configs(cell), @base, metrics, options, source).ToColumn();

    /// <summary>Runs one experiment that reads no source for every value of an axis and reads a metric off each: a table of one column.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TModel, TRow}, IAxis{TModel, TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt,
    /// SourceInput, Metrics, RunOptions?)"/>
    [Pure]
    public SweepTable<TRow> Sweep<TRow>(
        IAxis<TModel, TRow> rows, Func<TRow, Experiment<TModel, NoSource>> cell, Prompt @base, Metrics metrics, RunOptions? options = null) =>
        Measured(Points(rows), OnlyColumn, Configs(cell), @base, metrics, options).ToColumn();

    /// <summary>Runs one experiment that reads any number of sources for every pair of values of two axes and reads a metric off each.</summary>
    /// <typeparam name="TRow">The type of a value of the rows.</typeparam>
    /// <typeparam name="TColumn">The type of a value of the columns.</typeparam>
    /// <typeparam name="TSources">The number of sources that the experiments read.</typeparam>
    /// <param name="rows">The rows, such as <c>Gpt2.AllLayers</c>, or a product of axes.</param>
    /// <param name="columns">The columns, such as <see cref="Positions.All"/> or <c>Gpt2.AllHeads</c>.</param>
    /// <param name="cell">Returns the experiment of a cell.</param>
    /// <param name="base">The prompt that is intervened on. With several examples the table shows means, and has the values of each.</param>
    /// <param name="sources">The sources in order, as many as the experiments read; <see cref="Source.Skip"/> leaves one out on purpose.</param>
    /// <param name="metrics">What is read off the next-token logits: a metric, or several in one pass, as <c>[first, second]</c>.</param>
    /// <param name="options">As in a sweep of one source; <see langword="null"/> = the defaults.</param>
    /// <inheritdoc cref="Sweep{TRow, TColumn}(IAxis{TModel, TRow}, IAxis{TModel, TColumn}, Func{TRow, TColumn, Experiment{TModel, OneSource}}, Prompt,
    /// SourceInput, Metrics, RunOptions?)"/>
    [Pure]
    public SweepTable<TRow, TColumn> Sweep<TRow, TColumn, TSources>(
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Experiment<TModel, TSources>> cell,
        Prompt @base,
        IReadOnlyList<SourceInput> sources,
        Metrics metrics,
        RunOptions? options = null)
        where TSources : ISourceCount =>
        Measured(Points(rows), Points(columns), Configs(cell), @base, metrics, options, [.. sources.Given()]).ToTable();

    /// <summary>Runs one experiment that reads any number of sources for every value of an axis and every position and reads a metric off each.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn, TSources}(IAxis{TModel, TRow}, IAxis{TModel, TColumn}, Func{TRow, TColumn, Experiment{TModel, TSources}}, Prompt,
    /// IReadOnlyList{SourceInput}, Metrics, RunOptions?)"/>
    [Pure]
    public SweepTable<TRow, Index> Sweep<TRow, TSources>(
        IAxis<TModel, TRow> rows,
        Positions columns,
        Func<TRow, Index, Experiment<TModel, TSources>> cell,
        Prompt @base,
        IReadOnlyList<SourceInput> sources,
        Metrics metrics,
        RunOptions? options = null)
        where TSources : ISourceCount =>
        Measured(Points(rows), PointsOf(columns), Configs(cell), @base, metrics, options, [.. sources.Given()]).ToTable();

    /// <summary>Runs one experiment that reads any number of sources for every value of an axis and reads a metric off each: a table of one column.</summary>
    /// <inheritdoc cref="Sweep{TRow, TColumn, TSources}(IAxis{TModel, TRow}, IAxis{TModel, TColumn}, Func{TRow, TColumn, Experiment{TModel, TSources}}, Prompt,
    /// IReadOnlyList{SourceInput}, Metrics, RunOptions?)"/>
    [Pure]
    public SweepTable<TRow> Sweep<TRow, TSources>(
        IAxis<TModel, TRow> rows,
        Func<TRow, Experiment<TModel, TSources>> cell,
        Prompt @base,
        IReadOnlyList<SourceInput> sources,
        Metrics metrics,
        RunOptions? options = null)
        where TSources : ISourceCount =>
        Measured(Points(rows), OnlyColumn, Configs(cell), @base, metrics, options, [.. sources.Given()]).ToColumn();

    private static Func<AxisScope, IReadOnlyList<AxisPoint<T>>> Points<T>(IAxis<TModel, T> axis)
    {
        ArgumentNullException.ThrowIfNull(axis);
        return axis.PointsIn;
    }

    private static Func<AxisScope, IReadOnlyList<AxisPoint<Index>>> PointsOf(Positions positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        return scope => scope.Positions(positions);
    }

    private static Func<IReadOnlyList<AxisPoint<TRow>>, IReadOnlyList<AxisPoint<TColumn>>, IReadOnlyList<InterventionConfig>> Configs<TRow, TColumn, TSources>(
        Func<TRow, TColumn, Experiment<TModel, TSources>> cell)
        where TSources : ISourceCount
    {
        ArgumentNullException.ThrowIfNull(cell);
        return (rows, columns) => IgnoredAxis.Refuse(
            [.. rows.SelectMany(row => columns.Select(column => Returned(cell(row.Value, column.Value)).ToConfig()))], rows, columns);
    }

    private static Func<IReadOnlyList<AxisPoint<TRow>>, IReadOnlyList<AxisPoint<bool>>, IReadOnlyList<InterventionConfig>> Configs<TRow, TSources>(
        Func<TRow, Experiment<TModel, TSources>> cell)
        where TSources : ISourceCount
    {
        ArgumentNullException.ThrowIfNull(cell);
        return (rows, only) => IgnoredAxis.Refuse([.. rows.Select(row => Returned(cell(row.Value)).ToConfig())], rows, only);
    }

    private static Experiment<TModel, TSources> Returned<TSources>(Experiment<TModel, TSources>? experiment)
        where TSources : ISourceCount =>
        experiment ?? throw new InterventionException(
            "cell", "The function of the sweep's cells returned null; it must return an experiment for every cell, be it one without steps.");
}
