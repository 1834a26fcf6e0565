using System.Globalization;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Trains the cells of a grid, those that read the same one after another, so that they share what comes before their interventions.</summary>
/// <param name="model">The model.</param>
/// <param name="columns">The examples.</param>
/// <param name="held">The held-out examples, or null.</param>
/// <param name="options">The checked settings.</param>
/// <param name="folder">Where the trainings are kept, or null.</param>
internal sealed class GridTrainer(PretrainedModel model, ExampleColumns columns, ExampleColumns? held, TrainingOptions options, string? folder)
{
    private ExampleColumns Evaluated => held ?? columns;

    /// <summary>Refuses settings that a grid cannot have.</summary>
    /// <exception cref="ArgumentException">There are such settings.</exception>
    public static TrainingOptions Checked(TrainingOptions? options)
    {
        options ??= new TrainingOptions();
        options.Check();
        return options.TrainsModel ? throw new ArgumentException(
                "The cells of a grid share one model, so it cannot learn; train it alone, with plan.Train.", nameof(options))
            : options.Checkpoint is not null ? throw new ArgumentException(
                "A grid keeps a file for every cell; say in which folder, and leave Checkpoint out.", nameof(options))
            : options;
    }

    /// <summary>Trains all cells.</summary>
    /// <param name="cells">The cells, row by row.</param>
    /// <param name="columnCount">How many columns there are.</param>
    /// <param name="progress">Is told of every cell that is done, or null.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The cells, and whether each evaluated example is right in each, and without interventions: 1 or 0.</returns>
    public (IReadOnlyList<TrainedCell> Cells, SweptMetric Accuracy) Run(
        IReadOnlyList<(string Row, string Column, InterventionConfig Experiment)> cells,
        int columnCount,
        IProgress<TrainedCell>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            Check(cells);
            if (folder is not null) Directory.CreateDirectory(folder);
            var trained = new TrainedCell[cells.Count];
            IReadOnlyList<IReadOnlyList<int>> groups = [.. Alike([.. cells.Select(cell => cell.Experiment)])];
            if (folder is null && options.TaskWeight == 0)
            {
                var joint = new JointTraining(model, columns, held, options);
                joint.Run([.. cells.Select(cell => cell.Experiment)], groups, Done, cancellationToken);
            }

            foreach (var alike in groups.Select(group => group.Where(index => trained[index] is null).ToArray()))
            {
                using var shared = new SharedParts(options.MemoryBudget, alike.Length);
                foreach (var index in alike)
                {
                    Train(index, cells[index].Experiment, shared);
                }
            }

            var labels = Evaluated.Labels.cpu().data<long>().ToArray();
            using var plan = InterventionPlan.Bind(model, cells[0].Experiment);
            var clean = Sample.Of(new Objective(plan, null, 0).EvaluateClean(Evaluated, options.EvaluatedTogether(Evaluated), cancellationToken));
            return (trained, new(AlignmentScore.AccuracyMetric, AlignmentScore.AccuracyMetric.Name, Table(cell => cell.Score.Hits(labels)), clean)
            {
                Controls = [.. options.Controls.Select((control, index) => new SweptControl(
                    control,
                    Table(cell => cell.Score.Controls[index].Draws is [var only]
                        ? only.Hits(labels)
                        : Sample.Of([.. cell.Score.Controls[index].Draws.Select(draw => draw.Accuracy)])),
                    []))],
            });

            void Train(int index, InterventionConfig experiment, SharedParts shared)
            {
                using var plan = InterventionPlan.Bind(model, experiment);
                var name = string.Create(CultureInfo.InvariantCulture, $"cell-{index:D4}.safetensors");
                var own = options with { Checkpoint = folder is null ? null : Path.Combine(folder, name), Controls = [] };
                var result = PlanTraining.Train(plan, columns, held, own, shared, null, cancellationToken);
                Done(index, plan, result, options.TaskWeight > 0 || result.Evaluation is not null ? null : shared.Of(plan, columns, options.BatchSize, 1));
            }

            void Done(int index, InterventionPlan plan, TrainingResult result, CleanParts? parts)
            {
                var score = result.Evaluation
                    ?? new Objective(plan, options.Loss, 0).Evaluate(columns, options.EvaluatedTogether(columns), parts, cancellationToken);
                var together = options.EvaluatedTogether(Evaluated);
                score = score with { Controls = ControlScores.Of(plan, options.Loss, options.Controls, Evaluated, together, cancellationToken) };
                trained[index] = new(cells[index].Row, cells[index].Column, cells[index].Experiment, result, score);
                progress?.Report(trained[index]);
            }

            Sample[,] Table(Func<TrainedCell, Sample> read)
            {
                var table = new Sample[cells.Count / columnCount, columnCount];
                for (var index = 0; index < trained.Length; index++)
                {
                    table[index / columnCount, index % columnCount] = read(trained[index]);
                }

                return table;
            }
        }
        catch
        {
            foreach (var module in cells.SelectMany(cell => Modules(cell.Experiment)))
            {
                module.Dispose();
            }

            throw;
        }
    }

    private static IEnumerable<InterventionModule> Modules(InterventionConfig experiment) =>
        experiment.Interventions.Select(spec => (spec.Intervention as Learned)?.Module).OfType<InterventionModule>().Distinct();

    /// <summary>Refuses, before anything is learned, cells that do not fit the model, the examples, or each other.</summary>
    private void Check(IReadOnlyList<(string Row, string Column, InterventionConfig Experiment)> cells)
    {
        var owners = new Dictionary<InterventionModule, int>(ReferenceEqualityComparer.Instance);
        for (var index = 0; index < cells.Count; index++)
        {
            using var plan = InterventionPlan.Bind(model, cells[index].Experiment);
            PlanTraining.CheckSources(plan, columns.Sources.Count);
            foreach (var module in Modules(cells[index].Experiment))
            {
                if (!owners.TryAdd(module, index))
                {
                    throw new InterventionException("intervention", $"The cells '{cells[owners[module]].Row}' and '{cells[index].Row}' train one and the same "
                        + $"{module.GetType().Name}, so the second would go on from the first. Make a new one for every cell, inside of its function.");
                }
            }
        }
    }

    /// <summary>Puts the cells that read the same together, in order of their first.</summary>
    private static IEnumerable<IReadOnlyList<int>> Alike(IReadOnlyList<InterventionConfig> experiments)
    {
        var groups = new List<(InterventionConfig First, List<int> Indices)>();
        for (var index = 0; index < experiments.Count; index++)
        {
            var found = groups.Find(group => group.First.Interventions.Select(Reading).SequenceEqual(experiments[index].Interventions.Select(Reading)));
            if (found.Indices is null) groups.Add((experiments[index], [index]));
            else found.Indices.Add(index);
        }

        return groups.Select(group => group.Indices);

        static (SiteSpec Site, int Source, bool HasOwnSpace) Reading(InterventionSpec spec) => (spec.Site, spec.Source, spec.Intervention.HasOwnSpace);
    }
}
