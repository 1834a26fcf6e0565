using Pyvene.Typed.Configuration;
using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

public sealed partial class InterventionSweep
{
    /// <summary>Binds cells that go on from parts which are known.</summary>
    /// <inheritdoc cref="Bind"/>
    internal static InterventionSweep BindBegun(PretrainedModel model, IReadOnlyList<InterventionConfig> cells)
    {
        CheckCells(cells);
        return new InterventionSweep(BoundModel.Bind(model, cells), OutputRequest.LastPosition);
    }

    /// <summary>
    /// Runs cells that go on from what comes before their interventions. Those that go on behind the same position are one batch, in which each joins in its
    /// own stage.
    /// </summary>
    /// <param name="base">The base of all cells.</param>
    /// <param name="sources">The sources; null = left out on purpose. None of them runs.</param>
    /// <param name="cells">The cells with their parts, those behind the same position one after another.</param>
    /// <param name="gradients">Whether gradients are recorded.</param>
    /// <returns>What the model gives for every cell; the tensors belong to the current dispose scope.</returns>
    /// <exception cref="Errors.InterventionException">The inputs do not fit a cell.</exception>
    internal IReadOnlyList<Tensor> Run(
        Batch @base, IReadOnlyList<Batch?> sources, IReadOnlyList<(int Index, CleanPart Begun)> cells, bool gradients)
    {
        using var gate = ModelGate.Enter(bound.Model.Root);
        bound.Check(@base, sources);
        using var recorded = set_grad_enabled(gradients);
        using var scope = NewDisposeScope();
        var schedule = new Schedule(WorkSharing.All, counts: false);
        var lanes = new List<Lane>();
        foreach (var (index, begun) in cells)
        {
            if (gradients) InterventionPlan.RefuseCopies(bound.Cells[index]);
            lanes.Add(schedule.AddCell(bound.Cells[index], @base, sources, null, output, begun).Base);
        }

        bound.Execute(bound.Passes(schedule.Lanes, WorkSharing.All), WorkSharing.All, scope);
        return [.. lanes.Select(lane => lane.Result!.Main!.MoveToOuterDisposeScope())];
    }

    /// <summary>
    /// Computes what of the runs of cells comes before their interventions, in one run of the base and of every source; the tensors belong to the current
    /// dispose scope.
    /// </summary>
    /// <param name="base">The base of all cells.</param>
    /// <param name="sources">The sources; null = left out on purpose.</param>
    /// <param name="cells">The cells, each of which can go on, with the position that it goes on with.</param>
    /// <exception cref="Errors.InterventionException">The inputs do not fit a cell.</exception>
    internal IReadOnlyList<CleanPart> ReadClean(Batch @base, IReadOnlyList<Batch?> sources, IReadOnlyList<(int Index, long First)> cells)
    {
        using var gate = ModelGate.Enter(bound.Model.Root);
        bound.Check(@base, sources);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var schedule = new Schedule(WorkSharing.All, counts: false);
        var targets = new List<(Lane Lane, LaneStep.Edit[] Edits, int Stage)>();
        foreach (var (index, _) in cells)
        {
            var target = schedule.AddCell(bound.Cells[index], @base, sources, null, OutputRequest.None).Base;
            targets.Add((target, [.. target.Steps.OfType<LaneStep.Edit>()], bound.Cells[index].Interventions.Min(item => item.Point.Stage)));
        }

        var clean = schedule.AddClean(@base, OutputRequest.None);
        int[] stages = [.. targets.Select(target => target.Stage).Distinct()];
        var kept = clean.Keeps = new KeptPart(stages, cells.Min(cell => cell.First), cells.Max(cell => cell.First));
        var lanes = schedule.Lanes.Except(targets.Select(target => target.Lane)).ToArray();
        bound.Execute(bound.Passes(lanes, WorkSharing.All), WorkSharing.All, scope);
        foreach (var tensor in kept.Keys?.Layers.Values.SelectMany(layer => new[] { layer.Keys, layer.Values }) ?? [])
        {
            scope.Attach(tensor);
        }

        CleanPart[] parts = [.. targets.Zip(cells, (target, cell) => PartOf(target.Edits, target.Stage, cell.Index, cell.First))];
        foreach (var tensor in parts.SelectMany(part => part.Tensors()))
        {
            tensor.MoveToOuterDisposeScope();
        }

        return parts;

        CleanPart PartOf(LaneStep.Edit[] edits, int stage, int index, long first)
        {
            var values = new Tensor?[bound.Cells[index].Interventions.Count];
            foreach (var edit in edits)
            {
                values[edit.Intervention.Index] = edit.Slot?.Value;
            }

            var keys = first > 0 ? new KeptKeys(first) : null;
            foreach (var (layer, (key, value)) in kept.Keys?.Layers.Where(item => item.Key >= stage) ?? [])
            {
                keys?.Set(layer, key.narrow(2, 0, first), value.narrow(2, 0, first)); // [row, key head, kept position, dHead]
            }

            var hidden = kept.Hidden[stage]; // [row, position from the first of all, dModel]
            return new CleanPart(stage, hidden.narrow(1, first - kept.First, hidden.shape[1] - first + kept.First), keys, values);
        }
    }
}
