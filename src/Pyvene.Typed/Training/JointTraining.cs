using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>
/// Trains cells side by side: the rows of every cell are a lane of one batch, which its own intervention acts on, so that one forward and one backward pass
/// make the gradients of all. Each cell has an optimiser, a log and an end of its own. What comes before the interventions is computed once for all.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="columns">The examples.</param>
/// <param name="held">The held-out examples, or null.</param>
/// <param name="options">The checked settings, without a checkpoint and without a task of the model's.</param>
internal sealed class JointTraining(PretrainedModel model, ExampleColumns columns, ExampleColumns? held, TrainingOptions options)
{
    // With more tokens in a batch, a larger one is not faster.
    private const long TokenLimit = 4096;

    /// <summary>Trains as many cells side by side as there is room for; those that cannot be, or are alone, are left.</summary>
    /// <param name="experiments">The experiments of all cells.</param>
    /// <param name="groups">The cells that read the same.</param>
    /// <param name="done">Is told of every cell what its training told, while what it read is there.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public void Run(
        IReadOnlyList<InterventionConfig> experiments,
        IReadOnlyList<IReadOnlyList<int>> groups,
        Action<int, InterventionPlan, TrainingResult, CleanParts> done,
        CancellationToken cancellationToken)
    {
        var plans = experiments.Select(experiment => InterventionPlan.Bind(model, experiment)).ToArray();
        try
        {
            using var scope = NewDisposeScope();
            var first = columns.Take(new BatchOrder(columns, options.BatchSize).Grouped().First());
            (int Index, int Group)[] open = [.. groups.Index().SelectMany(group => group.Item.Select(index => (index, group.Index)))
                .Where(cell => plans[cell.index].CanGoOn(first.Base)).Select(cell => (cell.index, cell.Index))];
            if (open.Length < 2) return;
            using var sweep = InterventionSweep.BindBegun(model, [.. open.Select(cell => experiments[cell.Index])]);
            Cell[] cells = [.. open.Select((cell, place) =>
                new Cell(cell.Index, place, Array.FindIndex(open, other => other.Group == cell.Group), plans[cell.Index]))];
            var graph = plans[open[0].Index].GraphBytesOf(first.Base);
            var kept = BytesOf(sweep, cells, columns).Zip(held is null ? new long[cells.Length] : BytesOf(sweep, cells, held), (own, other) => own + other)
                .ToArray(); // of every cell
            for (var (next, bytes) = (0, 0L); next < cells.Length; bytes = 0)
            {
                var start = next;
                while (next < cells.Length && (next - start + 1) * first.Base.Rows * first.Base.Columns <= TokenLimit
                    && (bytes += graph + (cells[next].Reader < start || cells[next].Reader == next ? kept[next] : 0)) <= options.MemoryBudget)
                {
                    next++;
                }

                next = Math.Max(next, start + 1);
                if (next - start > 1) Train(sweep, cells[start..next], done, cancellationToken);
            }
        }
        finally
        {
            foreach (var plan in plans)
            {
                plan.Dispose();
            }
        }
    }

    /// <summary>Returns how many bytes the parts of every cell take.</summary>
    private static long[] BytesOf(InterventionSweep sweep, Cell[] cells, ExampleColumns examples)
    {
        using var scope = NewDisposeScope();
        var one = examples.Take([0]);
        return [.. sweep.ReadClean(one.Base, one.Sources, [.. cells.Select(cell => (cell.Place, cell.Plan.FirstPositionOf(one.Base)))])
            .Select(part => part.Tensors().Sum(tensor => tensor.numel() * tensor.element_size()) * examples.Count)];
    }

    private void Train(
        InterventionSweep sweep,
        Cell[] cells,
        Action<int, InterventionPlan, TrainingResult, CleanParts> done,
        CancellationToken cancellationToken)
    {
        (int Place, InterventionPlan Plan)[] readers = [.. cells.DistinctBy(cell => cell.Reader).Select(cell => (cell.Place, cell.Plan))];
        var readerOf = readers.ToDictionary(reader => cells.First(cell => cell.Place == reader.Place).Reader, reader => reader.Place);
        using var parts = new JointParts(sweep, readers, columns, options.BatchSize);
        using var heldParts = held is null ? null : new JointParts(sweep, readers, held, options.BatchSize);
        var owned = new Stack<IDisposable>(); // what learners found changed by those before them, they leave so
        try
        {
            var begun = new List<(Cell Cell, Trainer Trainer, CleanParts Parts)>();
            foreach (var cell in cells)
            {
                if (parts.Of(readerOf[cell.Reader]) is not { Beginning: not null } own) continue;
                var learners = new Learners(cell.Plan, options);
                owned.Push(learners);
                var trainer = new Trainer(cell.ObjectiveOf(options), learners, columns, held, options, own, heldParts?.Of(readerOf[cell.Reader]));
                owned.Push(trainer);
                begun.Add((cell, trainer, own));
            }

            // Those that go on behind the same position stand together, the first of them in the earliest stage, so that its keys are those of all.
            (Cell Cell, Trainer Trainer, CleanParts Parts)[] ordered = [.. begun.OrderBy(item => item.Parts.Beginning)];
            while (ordered.Where(item => !item.Trainer.IsOver).ToArray() is { Length: > 0 } open)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var (trainer, value, right) in Learn(sweep, open))
                {
                    trainer.Follow(value, right, cancellationToken);
                }
            }

            foreach (var (cell, trainer, own) in begun)
            {
                done(cell.Index, cell.Plan, trainer.End(cancellationToken), own);
            }
        }
        finally
        {
            foreach (var item in owned)
            {
                item.Dispose();
            }
        }
    }

    private (Trainer Trainer, double Value, double Right)[] Learn(InterventionSweep sweep, (Cell Cell, Trainer Trainer, CleanParts Parts)[] open)
    {
        using var scope = NewDisposeScope();
        int[] rows = [];
        foreach (var (_, trainer, _) in open)
        {
            rows = trainer.Rows(); // the same of all, which have the same seed
            trainer.Prepare();
        }

        var batch = columns.Take(rows);
        var begun = new (int Place, CleanPart Begun)[open.Length];
        KeptKeys? keys = null;
        for (var index = 0; index < open.Length; index++)
        {
            var (cell, _, parts) = open[index];
            if (index > 0 && open[index - 1].Parts.Beginning!.Value.First != parts.Beginning!.Value.First) keys = null;
            begun[index] = (cell.Place, parts.Of(rows, batch, gradients: true, keys)!);
            keys = begun[index].Begun.Keys;
        }

        var outputs = sweep.Run(batch.Base, batch.Sources, begun, gradients: true);
        var judged = open.Zip(outputs, (item, output) =>
        {
            var (loss, value, right) = item.Trainer.Judge(item.Cell.ObjectiveOf(options).Judged(output, batch), batch);
            return (item.Trainer, Loss: loss, Value: value, Right: right);
        }).ToArray();
        // No cell's loss depends on what another learns, so that the gradients of the sum are those of each.
        stack([.. judged.Select(one => one.Loss)], 0).sum().backward();
        return [.. judged.Select(one => (one.Trainer, one.Value, one.Right))];
    }

    /// <summary>Is one cell.</summary>
    /// <param name="Index">Its number in the grid.</param>
    /// <param name="Place">Its place in the sweep.</param>
    /// <param name="Reader">The place of the first cell that reads the same.</param>
    /// <param name="Plan">Its bound experiment.</param>
    private sealed record Cell(int Index, int Place, int Reader, InterventionPlan Plan)
    {
        public Objective ObjectiveOf(TrainingOptions options) => new(Plan, options.Loss, 0);
    }
}
