using System.Diagnostics.Contracts;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Sweeps modules of your own, and the library's models that are no language models: one experiment for every value of axes, all sharing work.
/// </summary>
public static class ModuleSweeps
{
    /// <summary>Runs one experiment for every pair of values of two axes and reads a metric off the output of each.</summary>
    /// <typeparam name="TModel">The model's architecture.</typeparam>
    /// <typeparam name="TRow">The type of a value of the rows.</typeparam>
    /// <typeparam name="TColumn">The type of a value of the columns.</typeparam>
    /// <typeparam name="TSources">The number of sources that the experiments read.</typeparam>
    /// <param name="model">The model, of one of the architecture's classes.</param>
    /// <param name="rows">The rows, such as <c>Mlp.AllLayers</c>.</param>
    /// <param name="columns">The columns, such as <c>Axis.Of(0, 1)</c>.</param>
    /// <param name="cell">Returns the experiment of a cell.</param>
    /// <param name="base">The inputs that are intervened on; positions of an axis are those of the first example.</param>
    /// <param name="sources">
    /// The sources in order, as many as the experiments read: <c>[]</c> for none, <see langword="null"/> leaves one out on purpose.
    /// </param>
    /// <param name="metrics">
    /// What is read off the output, float32 [batch, …]: logits, the last hidden state, or a module's first tensor. A metric, or several as
    /// <c>[first, second]</c>; those that name tokens need a language model.
    /// </param>
    /// <param name="options">What happens when no cell has an effect, and which work is shared; <see langword="null"/> = the defaults.</param>
    /// <returns>The table; the axes' values index it.</returns>
    /// <exception cref="InterventionException">
    /// A cell, an input or a metric does not fit the model (nothing has run), no cell has an effect, or a metric is no number in a cell.
    /// </exception>
    [Pure]
    public static SweepTable<TRow, TColumn> Sweep<TModel, TRow, TColumn, TSources>(
        this PretrainedModel model,
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Experiment<TModel, TSources>> cell,
        ModelInputs @base,
        IReadOnlyList<ModelInputs?> sources,
        Metrics metrics,
        RunOptions? options = null)
        where TModel : IArchitecture
        where TSources : ISourceCount => Swept(model.Given(), rows, columns, cell, @base, sources, metrics, options).ToTable();

    /// <summary>Runs one experiment for every value of an axis and reads a metric off the output of each.</summary>
    /// <inheritdoc cref="Sweep{TModel, TRow, TColumn, TSources}(PretrainedModel, IAxis{TModel, TRow}, IAxis{TModel, TColumn},
    /// Func{TRow, TColumn, Experiment{TModel, TSources}}, ModelInputs, IReadOnlyList{ModelInputs?}, Metrics, RunOptions?)"/>
    [Pure]
    public static SweepTable<TRow> Sweep<TModel, TRow, TSources>(
        this PretrainedModel model,
        IAxis<TModel, TRow> rows,
        Func<TRow, Experiment<TModel, TSources>> cell,
        ModelInputs @base,
        IReadOnlyList<ModelInputs?> sources,
        Metrics metrics,
        RunOptions? options = null)
        where TModel : IArchitecture
        where TSources : ISourceCount => Swept(model.Given(), rows, cell, @base, sources, metrics, options).ToColumn();

    /// <summary>Runs one experiment for every value of an axis on a module of your own, and reads a metric off the output of each.</summary>
    /// <inheritdoc cref="Sweep{TModel, TRow, TColumn, TSources}(PretrainedModel, IAxis{TModel, TRow}, IAxis{TModel, TColumn},
    /// Func{TRow, TColumn, Experiment{TModel, TSources}}, ModelInputs, IReadOnlyList{ModelInputs?}, Metrics, RunOptions?)"/>
    [Pure]
    public static SweepTable<TRow> Sweep<TModel, TRow, TSources>(
        this TModel module,
        IAxis<TModel, TRow> rows,
        Func<TRow, Experiment<TModel, TSources>> cell,
        ModelInputs @base,
        IReadOnlyList<ModelInputs?> sources,
        Metrics metrics,
        RunOptions? options = null)
        where TModel : nn.Module, IArchitecture
        where TSources : ISourceCount => Swept(module.Given(), rows, cell, @base, sources, metrics, options).ToColumn();

    private static Measured<TRow, bool> Swept<TModel, TRow, TSources>(
        nn.Module model,
        IAxis<TModel, TRow> rows,
        Func<TRow, Experiment<TModel, TSources>> cell,
        ModelInputs @base,
        IReadOnlyList<ModelInputs?> sources,
        Metrics metrics,
        RunOptions? options)
        where TModel : IArchitecture
        where TSources : ISourceCount => Swept(
            model, rows.Given().PointsIn, LanguageModel.OnlyColumn, (row, _) => cell.Given()(row).Given("cell").ToConfig(), @base, sources, metrics, options);

    private static Measured<TRow, TColumn> Swept<TModel, TRow, TColumn, TSources>(
        nn.Module model,
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Experiment<TModel, TSources>> cell,
        ModelInputs @base,
        IReadOnlyList<ModelInputs?> sources,
        Metrics metrics,
        RunOptions? options)
        where TModel : IArchitecture
        where TSources : ISourceCount => Swept(
            model,
            rows.Given().PointsIn,
            columns.Given().PointsIn,
            (row, column) => cell.Given()(row, column).Given("cell").ToConfig(),
            @base,
            sources,
            metrics,
            options);

    private static Measured<TRow, TColumn> Swept<TRow, TColumn>(
        nn.Module model,
        Func<AxisScope, IReadOnlyList<AxisPoint<TRow>>> rows,
        Func<AxisScope, IReadOnlyList<AxisPoint<TColumn>>> columns,
        Func<TRow, TColumn, InterventionConfig> cell,
        ModelInputs @base,
        IReadOnlyList<ModelInputs?> sources,
        Metrics metrics,
        RunOptions? options)
    {
        options ??= new RunOptions();
        InterventionSweep.RefuseGradients(options);
        using var quiet = no_grad();
        var batch = new Batch(@base.Given());
        var places = BatchScope.Of(model, batch, null);
        var (down, across) = (rows(places), columns(places));
        var cells = IgnoredAxis.Refuse([.. down.SelectMany(row => across.Select(column => cell(row.Value, column.Value)))], down, across);
        using var scope = NewDisposeScope();
        var batches = InterventionPlan.Batches(sources.Given());
        var controls = new SweptControls(options.Controls, cells, batch, batches);
        using var sweep = InterventionSweep.BindWhole(model, cells);
        var reading = new CellReading(new MetricReader(metrics.Given(), null, (int)batch.Rows), cells.Count);
        var receipts = sweep.Run(batch, batches, options, reading.Read);
        return Measured<TRow, TColumn>.Of(
            reading, down, across, options, receipts, controls.Run(others => InterventionSweep.BindWhole(model, others), reading.Reader, options));
    }
}
