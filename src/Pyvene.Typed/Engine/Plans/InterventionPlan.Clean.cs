using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

public sealed partial class InterventionPlan
{
    /// <summary>
    /// Gets whether what comes before the interventions is the same in every run of the same inputs, as long as the model's weights are: nothing random is on
    /// the way, and no source run is intervened on.
    /// </summary>
    internal bool HasCleanPart => cell.Mode == CompositionMode.Parallel && bound.Model.RowsAreIndependent && !bound.Model.Root.training
        && cell.Interventions.All(item => !item.IsStepwise);

    /// <summary>Tells whether a run of a base can go on from what comes before its interventions.</summary>
    /// <param name="base">The base.</param>
    internal bool CanGoOn(Batch @base) => HasCleanPart && BeginningIn(@base) is not null;

    /// <summary>
    /// Gets what decides what <see cref="ReadClean"/> computes of given inputs: two plans of one model in which these are equal read the same.
    /// </summary>
    internal IReadOnlyList<(SiteSpec Site, int Source, bool Reads, bool HasOwnSpace)> Readings =>
        [.. cell.Interventions.Select(item => (item.Spec.Site, item.Spec.Source, item.ReadsSource, item.Spec.Intervention.HasOwnSpace))];

    /// <summary>
    /// Returns the first position that an intervention touches in a base, where no earlier one depends on it and the run can go on there; else 0.
    /// </summary>
    /// <param name="base">The base.</param>
    /// <exception cref="InterventionException">The base does not have the positions.</exception>
    internal long FirstPositionOf(Batch @base)
    {
        if (!bound.Model.SharesPositions || !bound.Model.SelectsLogits || !@base.HasTokens || BeginningIn(@base) is null
            || cell.Interventions.Any(item => item.Point.Module is Tap || item.IsFlattened || item.PositionAxis != 1))
        {
            return 0;
        }

        var first = @base.Columns - 1;
        foreach (var item in cell.Interventions)
        {
            if (item.PositionsIn(@base, isSource: false, "base").Known is not { } known) return 0;
            first = Math.Min(first, known.Min(row => row.Min()));
        }

        return first;
    }

    /// <summary>Computes what of a run comes before its first intervention; the tensors belong to the current dispose scope.</summary>
    /// <param name="base">The base.</param>
    /// <param name="sources">The sources; <see langword="null"/> = left out on purpose.</param>
    /// <param name="first">
    /// The position to go on with, at most <see cref="FirstPositionOf"/>; <see langword="null"/> = the run begins with its inputs, and only what is read in the
    /// sources is computed.
    /// </param>
    /// <exception cref="InterventionException">The inputs do not fit the configuration.</exception>
    internal CleanPart ReadClean(Batch @base, IReadOnlyList<Batch?> sources, long? first)
    {
        CheckSources(sources.Count);
        using var gate = ModelGate.Enter(bound.Model.Root);
        bound.Check(@base, sources);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var schedule = new Schedule(WorkSharing.All, counts: false);
        var target = schedule.AddCell(cell, @base, sources, null, OutputRequest.None).Base;
        var edits = target.Steps.OfType<LaneStep.Edit>().ToArray();
        target.Steps.Clear();
        target.Needs.Clear();
        target.Keeps = first is { } position && BeginningIn(@base) is { } stage ? new KeptPart([stage], position, position) : null;
        Lane[] lanes = [.. schedule.Lanes.Where(lane => lane != target || lane.Keeps is not null)];
        if (lanes.Length > 0) bound.Execute(bound.Passes(lanes, WorkSharing.All), WorkSharing.All, scope);

        var values = new Tensor?[cell.Interventions.Count];
        foreach (var edit in edits)
        {
            values[edit.Intervention.Index] = edit.Slot?.Value;
        }

        var (begins, stream) = target.Keeps?.Hidden.Single() is { } only ? (only.Key, only.Value) : (0, null);
        var part = new CleanPart(begins, stream, target.Keeps?.Keys, values);
        foreach (var key in part.Keys?.Layers.Values.SelectMany(layer => new[] { layer.Keys, layer.Values }) ?? [])
        {
            scope.Attach(key);
        }

        foreach (var tensor in part.Tensors())
        {
            tensor.MoveToOuterDisposeScope();
        }

        return part;
    }

    /// <summary>Returns, from above, how many bytes the graph of a run takes.</summary>
    /// <param name="base">The base.</param>
    internal long GraphBytesOf(Batch @base)
    {
        var lane = new Schedule(WorkSharing.All, counts: false).AddClean(@base, OutputRequest.LastPosition);
        return new PassMemory(bound.Model, [lane]).Of(lane) * (bound.Model.Blocks?.BlockCount ?? 1);
    }

    // The stage before which a base is the same whatever the interventions do, when a run can go on there.
    private int? BeginningIn(Batch @base) =>
        bound.Possible(WorkSharing.All).HasFlag(WorkSharing.Blocks) && @base.IsPlain && cell.Interventions.Count > 0
            && cell.Interventions.Min(item => item.Point.Stage) is >= 0 and var stage && stage <= bound.Model.Blocks!.LastBeginning ? stage : null;
}
