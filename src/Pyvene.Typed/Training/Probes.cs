using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Reads classes off places of language models with linear probes, and collects what they read.</summary>
public static class Probes
{
    /// <summary>Fits a linear probe to the values at a place, and judges it on what was held out.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="place">The place; its positions, heads and features are side by side what the probe reads.</param>
    /// <param name="examples">The prompts with their classes, of at least two kinds.</param>
    /// <param name="options">The settings; <see langword="null"/> = the defaults.</param>
    /// <exception cref="InterventionException">A prompt does not fit the model or the place.</exception>
    /// <exception cref="ArgumentException">There is one class only, or a class with one example.</exception>
    public static ProbeScore Probe<TModel>(
        this LanguageModel<TModel> model, Site<TModel> place, IReadOnlyList<LabelledPrompt> examples, ProbeOptions? options = null)
        where TModel : IArchitecture
    {
        using var scope = NewDisposeScope();
        var values = model.CollectValues(place, examples, (options ?? new()).BatchSize);
        return ProbeScore.Of(values, LabelsOf(examples), options);
    }

    /// <summary>Fits a linear probe in every cell of a grid of places; the model runs once.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <typeparam name="TRow">The type of a value of the rows.</typeparam>
    /// <typeparam name="TColumn">The type of a value of the columns.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows, such as <c>Gpt2.AllLayers</c>.</param>
    /// <param name="columns">The columns, such as <c>Axis.Of("name", "end")</c>.</param>
    /// <param name="place">Returns the place of a cell.</param>
    /// <param name="examples">The prompts with their classes, of at least two kinds.</param>
    /// <param name="options">The settings; <see langword="null"/> = the defaults.</param>
    /// <param name="beside">
    /// Returns the score of an alignment that was trained at a cell's place, so that <c>table.Of(AlignmentScore.AccuracyMetric)</c> stands beside the probes;
    /// <see langword="null"/> = there is none.
    /// </param>
    /// <returns>
    /// The table of <see cref="ProbeScore.AccuracyMetric"/>; <c>table.Of(ProbeScore.ControlMetric)</c> has the shuffled-label control. What it calls clean is
    /// the guess of the commonest label.
    /// </returns>
    /// <exception cref="InterventionException">A prompt or a place does not fit the model.</exception>
    /// <exception cref="ArgumentException">There is one class only, or a class with one example.</exception>
    public static SweepTable<TRow, TColumn> Probe<TModel, TRow, TColumn>(
        this LanguageModel<TModel> model,
        IAxis<TModel, TRow> rows,
        IAxis<TModel, TColumn> columns,
        Func<TRow, TColumn, Site<TModel>> place,
        IReadOnlyList<LabelledPrompt> examples,
        ProbeOptions? options = null,
        Func<TRow, TColumn, AlignmentScore>? beside = null)
        where TModel : IArchitecture
    {
        using var tensors = NewDisposeScope();
        var scope = Scope(model, examples);
        return Table(model, rows.Given().PointsIn(scope), columns.Given().PointsIn(scope), place, examples, options, beside);
    }

    /// <summary>Fits a linear probe at every value of an axis and every position of the first prompt, such as those of <c>1..</c>.</summary>
    /// <inheritdoc cref="Probe{TModel, TRow, TColumn}(LanguageModel{TModel}, IAxis{TModel, TRow}, IAxis{TModel, TColumn}, Func{TRow, TColumn, Site{TModel}},
    /// IReadOnlyList{LabelledPrompt}, ProbeOptions?, Func{TRow, TColumn, AlignmentScore}?)"/>
    public static SweepTable<TRow, Index> Probe<TModel, TRow>(
        this LanguageModel<TModel> model,
        IAxis<TModel, TRow> rows,
        Positions columns,
        Func<TRow, Index, Site<TModel>> place,
        IReadOnlyList<LabelledPrompt> examples,
        ProbeOptions? options = null,
        Func<TRow, Index, AlignmentScore>? beside = null)
        where TModel : IArchitecture
    {
        using var tensors = NewDisposeScope();
        var scope = Scope(model, examples);
        return Table(model, rows.Given().PointsIn(scope), scope.Positions(columns.Given()), place, examples, options, beside);
    }

    /// <summary>Collects the values at a place for many prompts, batch by batch.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="place">The place; its positions, heads and features stand side by side.</param>
    /// <param name="examples">The prompts.</param>
    /// <param name="batchSize">How many run together, at least 1.</param>
    /// <returns>[example, width], in the order of the prompts; the caller disposes it.</returns>
    /// <exception cref="InterventionException">A prompt does not fit the model or the place, or the place is wider in some prompts.</exception>
    public static Tensor CollectValues<TModel>(
        this LanguageModel<TModel> model, Site<TModel> place, IReadOnlyList<LabelledPrompt> examples, int batchSize = 64)
        where TModel : IArchitecture => Collect(model, Experiment<TModel, NoSource>.Empty, [place.Given()], examples, batchSize)[0];

    /// <summary>Collects the values at a place for many prompts behind the steps of an experiment, such as erasures of earlier layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="experiment">The experiment; what it collects itself is not returned.</param>
    /// <param name="place">The place; its positions, heads and features stand side by side.</param>
    /// <param name="examples">The prompts.</param>
    /// <param name="batchSize">How many run together, at least 1.</param>
    /// <inheritdoc cref="CollectValues{TModel}(LanguageModel{TModel}, Site{TModel}, IReadOnlyList{LabelledPrompt}, int)"/>
    public static Tensor CollectValues<TModel>(
        this LanguageModel<TModel> model,
        Experiment<TModel, NoSource> experiment,
        Site<TModel> place,
        IReadOnlyList<LabelledPrompt> examples,
        int batchSize = 64)
        where TModel : IArchitecture => Collect(model, experiment.Given(), [place.Given()], examples, batchSize)[0];

    /// <summary>Returns the classes of prompts: int64 [example]; the caller disposes it.</summary>
    /// <param name="examples">The prompts with their classes, at least one.</param>
    public static Tensor LabelsOf(IReadOnlyList<LabelledPrompt> examples) =>
        tensor([.. examples.Given().Select(example => (long)example.Given().Label)], dtype: int64);

    private static SweepTable<TRow, TColumn> Table<TModel, TRow, TColumn>(
        LanguageModel<TModel> model,
        IReadOnlyList<AxisPoint<TRow>> down,
        IReadOnlyList<AxisPoint<TColumn>> across,
        Func<TRow, TColumn, Site<TModel>> place,
        IReadOnlyList<LabelledPrompt> examples,
        ProbeOptions? options,
        Func<TRow, TColumn, AlignmentScore>? beside)
        where TModel : IArchitecture
    {
        ArgumentNullException.ThrowIfNull(place);
        options ??= new ProbeOptions();
        options.Check();
        using var scope = NewDisposeScope();
        (TRow Row, TColumn Column)[] cells = [.. down.SelectMany(row => across.Select(column => (row.Value, column.Value)))];
        var values = Collect(
            model, Experiment<TModel, NoSource>.Empty, [.. cells.Select(cell => place(cell.Row, cell.Column).Given("place"))], examples, options.BatchSize);
        var labels = LabelsOf(examples);
        ProbeScore[] scores = [.. values.Select(value => ProbeScore.Of(value, labels, options))];
        SweptMetric[] metrics =
        [
            new(ProbeScore.AccuracyMetric, ProbeScore.AccuracyMetric.Name, Cells(index => scores[index].Accuracy), scores[0].Majority),
            new(ProbeScore.ControlMetric, ProbeScore.ControlMetric.Name, Cells(index => scores[index].Control), scores[0].Majority),
        ];
        if (beside is not null)
        {
            var accuracies = Cells(index => Sample.Of(beside(cells[index].Row, cells[index].Column).Given("beside").Accuracy));
            metrics = [.. metrics, new(AlignmentScore.AccuracyMetric, AlignmentScore.AccuracyMetric.Name, accuracies, Sample.Of(scores[0].Majority.Mean))];
        }

        return new(metrics, 0, down, across, []);

        Sample[,] Cells(Func<int, Sample> of)
        {
            var made = new Sample[down.Count, across.Count];
            for (var index = 0; index < cells.Length; index++) made[index / across.Count, index % across.Count] = of(index);
            return made;
        }
    }

    private static Tensor[] Collect<TModel>(
        LanguageModel<TModel> model,
        Experiment<TModel, NoSource> experiment,
        IReadOnlyList<Site<TModel>> places,
        IReadOnlyList<LabelledPrompt> examples,
        int batchSize)
        where TModel : IArchitecture
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (examples.Given().Count == 0) throw new ArgumentException("There is no example; give at least one.", nameof(examples));
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var config = experiment.ToConfig();
        var others = config.Interventions.Count(spec => !spec.Intervention.Writes);
        using var plan = new LanguagePlan(model.Given(), config with
        {
            Interventions = [.. config.Interventions, .. places.Select(place => new InterventionSpec { Intervention = new Collect(), Site = place.Spec })],
        });
        var parts = new List<Tensor>[places.Count];
        foreach (var chunk in examples.Chunk(batchSize))
        {
            using var run = plan.Plan.Run(
                model.Prompts.Encode(Prompt.Together([.. chunk.Select(example => example.Given().Prompt)]), "base"),
                [],
                new RunOptions { NextTokenOnly = true, WithClean = false, Effects = EffectCheck.Report });
            for (var index = 0; index < places.Count; index++)
            {
                var part = run.Collected[others + index].flatten(1).cpu().clone(); // [example, width]
                parts[index] ??= [];
                parts[index].Add(parts[index].All(other => other.shape[1] == part.shape[1]) ? part : throw new InterventionException(
                    "positions", $"{places[index]} is {part.shape[1]} wide in some prompts and {parts[index][0].shape[1]} in others; choose positions."));
            }
        }

        return [.. parts.Select(part => cat(part, 0).MoveToOuterDisposeScope())];
    }

    private static AxisScope Scope<TModel>(LanguageModel<TModel> model, IReadOnlyList<LabelledPrompt> examples)
        where TModel : IArchitecture
    {
        if (examples.Given().Count == 0) throw new ArgumentException("There is no example; give at least one.", nameof(examples));
        return model.Given().ScopeOf(examples[0].Given().Prompt);
    }
}
