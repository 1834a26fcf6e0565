using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>
/// Trains grids: one experiment for every layer, position, rank, seed or whatever an axis has, as sweeps run them. This is how the place of a concept is
/// searched (Wu et al. 2023; the second case study of pyvene's paper).
/// </summary>
public static class GridTraining
{
    /// <summary>Trains one experiment for every value of an axis.</summary>
    /// <remarks>
    /// What comes before the first intervention is computed once for all epochs, and for all cells that read the same, as far as
    /// <see cref="TrainingOptions.MemoryBudget"/> allows. Cells whose graphs and clean parts fit into that budget together learn side by side, in one pass a
    /// step, each from its own rows; what they learn is what they learn alone, up to rounding. Cells are trained one by one where a folder keeps them, so that
    /// they go on with the same bits, where the task's own loss counts, and where a run cannot go on from a clean part. The table is of the held-out examples
    /// (<see cref="TrainingOptions.Evaluation"/>), or of the examples themselves where there are none.
    /// </remarks>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="T">The type of a value of the axis.</typeparam>
    /// <typeparam name="TSources">The number of sources of an example.</typeparam>
    /// <param name="model">The model; its weights stay as they are.</param>
    /// <param name="axis">The axis; a product, <c>Gpt2.AllLayers.By(Axis.Of(1, 2, 4))</c>, has a cell for every pair.</param>
    /// <param name="cell">Returns the experiment of a cell, with interventions of its own.</param>
    /// <param name="examples">The examples; positions of an axis are those of the first one's base.</param>
    /// <param name="options">The settings of every training; <see langword="null"/> = the defaults.</param>
    /// <param name="folder">
    /// A folder that keeps every training, so that the same call goes on where it was stopped; <see langword="null"/> = nothing is kept.
    /// </param>
    /// <param name="progress">Is told of every cell that is done; <see langword="null"/> = nobody is.</param>
    /// <param name="cancellationToken">Stops between two batches; what the folder keeps stays.</param>
    /// <returns>The cells; the caller disposes it, and with it the interventions that were trained.</returns>
    /// <exception cref="InterventionException">
    /// A cell does not fit the model or the examples, or shares an intervention with another (nothing was learned); or a training failed as
    /// <c>plan.Train</c> says.
    /// </exception>
    /// <exception cref="CheckpointException">The folder keeps another grid.</exception>
    /// <exception cref="ArgumentException">A setting is out of range, lets the model learn, or names a checkpoint.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static TrainedGrid<T> TrainGrid<TModel, T, TSources>(
        this LanguageModel<TModel> model,
        IAxis<TModel, T> axis,
        Func<T, Experiment<TModel, TSources>> cell,
        CounterfactualSet examples,
        TrainingOptions? options = null,
        string? folder = null,
        IProgress<TrainedCell>? progress = null,
        CancellationToken cancellationToken = default)
        where TModel : IArchitecture
        where TSources : ISourceCount =>
        Trained(model.Given().Module, model, axis, cell, examples, options, folder, progress, cancellationToken);

    /// <summary>Trains one experiment for every pair of values of two axes.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TRow">The type of a value of the rows.</typeparam>
    /// <typeparam name="TColumn">The type of a value of the columns.</typeparam>
    /// <typeparam name="TSources">The number of sources of an example.</typeparam>
    /// <param name="model">The model; its weights stay as they are.</param>
    /// <param name="rows">The rows, such as <c>Gpt2.AllLayers</c>.</param>
    /// <param name="columns">The columns, such as <c>Positions.All</c>.</param>
    /// <param name="cell">Returns the experiment of a cell, with interventions of its own.</param>
    /// <param name="examples">The examples; positions of an axis are those of the first one's base.</param>
    /// <param name="options">The settings of every training; <see langword="null"/> = the defaults.</param>
    /// <param name="folder">
    /// A folder that keeps every training, so that the same call goes on where it was stopped; <see langword="null"/> = nothing is kept.
    /// </param>
    /// <param name="progress">Is told of every cell that is done; <see langword="null"/> = nobody is.</param>
    /// <param name="cancellationToken">Stops between two batches; what the folder keeps stays.</param>
    /// <inheritdoc cref="TrainGrid{TModel, T, TSources}(LanguageModel{TModel}, IAxis{TModel, T}, Func{T, Experiment{TModel, TSources}}, CounterfactualSet,
    /// TrainingOptions?, string?, IProgress{TrainedCell}?, CancellationToken)"/>
    public static TrainedGrid<TRow, TColumn> TrainGrid<TModel, TRow, TColumn, TSources>(
        this LanguageModel<TModel> model,
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Experiment<TModel, TSources>> cell,
        CounterfactualSet examples,
        TrainingOptions? options = null,
        string? folder = null,
        IProgress<TrainedCell>? progress = null,
        CancellationToken cancellationToken = default)
        where TModel : IArchitecture
        where TSources : ISourceCount =>
        Trained(model.Given().Module, model, rows, columns, cell, examples, options, folder, progress, cancellationToken);

    /// <summary>Trains one experiment for every value of an axis, in a model that is no language model.</summary>
    /// <inheritdoc cref="TrainGrid{TModel, T, TSources}(LanguageModel{TModel}, IAxis{TModel, T}, Func{T, Experiment{TModel, TSources}}, CounterfactualSet,
    /// TrainingOptions?, string?, IProgress{TrainedCell}?, CancellationToken)"/>
    public static TrainedGrid<T> TrainGrid<TModel, T, TSources>(
        this PretrainedModel model,
        IAxis<TModel, T> axis,
        Func<T, Experiment<TModel, TSources>> cell,
        CounterfactualSet examples,
        TrainingOptions? options = null,
        string? folder = null,
        IProgress<TrainedCell>? progress = null,
        CancellationToken cancellationToken = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => Trained(model.Given(), null, axis, cell, examples, options, folder, progress, cancellationToken);

    /// <summary>Trains one experiment for every pair of values of two axes, in a model that is no language model.</summary>
    /// <inheritdoc cref="TrainGrid{TModel, TRow, TColumn, TSources}(LanguageModel{TModel}, IAxis{TModel, TRow}, IAxis{TModel, TColumn},
    /// Func{TRow, TColumn, Experiment{TModel, TSources}}, CounterfactualSet, TrainingOptions?, string?, IProgress{TrainedCell}?, CancellationToken)"/>
    public static TrainedGrid<TRow, TColumn> TrainGrid<TModel, TRow, TColumn, TSources>(
        this PretrainedModel model,
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Experiment<TModel, TSources>> cell,
        CounterfactualSet examples,
        TrainingOptions? options = null,
        string? folder = null,
        IProgress<TrainedCell>? progress = null,
        CancellationToken cancellationToken = default)
        where TModel : IArchitecture
        where TSources : ISourceCount => Trained(model.Given(), null, rows, columns, cell, examples, options, folder, progress, cancellationToken);

    private static TrainedGrid<T> Trained<TModel, T, TSources>(
        PretrainedModel module,
        LanguageModel? model,
        IAxis<TModel, T> axis,
        Func<T, Experiment<TModel, TSources>> cell,
        CounterfactualSet examples,
        TrainingOptions? options,
        string? folder,
        IProgress<TrainedCell>? progress,
        CancellationToken cancellationToken)
        where TModel : IArchitecture
        where TSources : ISourceCount
    {
        var (given, make) = (axis.Given(), cell.Given());
        using var scope = NewDisposeScope();
        var (trainer, places) = Begun(module, model, examples.Given(), options, folder);
        var points = given.PointsIn(places);
        var (cells, accuracy) = trainer.Run(
            [.. points.Select(point => (point.Name, "", make(point.Value).Given("cell").ToConfig()))], 1, progress, cancellationToken);
        return new(cells, accuracy, points);
    }

    private static TrainedGrid<TRow, TColumn> Trained<TModel, TRow, TColumn, TSources>(
        PretrainedModel module,
        LanguageModel? model,
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Experiment<TModel, TSources>> cell,
        CounterfactualSet examples,
        TrainingOptions? options,
        string? folder,
        IProgress<TrainedCell>? progress,
        CancellationToken cancellationToken)
        where TModel : IArchitecture
        where TSources : ISourceCount
    {
        var (first, second, make) = (rows.Given(), columns.Given(), cell.Given());
        using var scope = NewDisposeScope();
        var (trainer, places) = Begun(module, model, examples.Given(), options, folder);
        var (down, across) = (first.PointsIn(places), second.PointsIn(places));
        var (cells, accuracy) = trainer.Run(
            [.. down.SelectMany(row => across.Select(column => (row.Name, column.Name, make(row.Value, column.Value).Given("cell").ToConfig())))],
            across.Count,
            progress,
            cancellationToken);
        return new(cells, accuracy, down, across);
    }

    /// <summary>Returns what trains the cells and what axes are resolved against; the tensors belong to the current dispose scope.</summary>
    private static (GridTrainer Trainer, AxisScope Places) Begun(
        PretrainedModel module, LanguageModel? model, CounterfactualSet examples, TrainingOptions? options, string? folder)
    {
        var settings = GridTrainer.Checked(options);
        var columns = Columns(examples);
        var held = settings.Evaluation is { } evaluation ? Columns(evaluation) : null;
        return (
            new GridTrainer(module, columns, held, settings, folder), BatchScope.Of(module, columns.Take([0]).Base, model?.Tokenizer));

        ExampleColumns Columns(CounterfactualSet set) => set.Columns(model?.Prompts, () => module.parameters().First().device);
    }
}
