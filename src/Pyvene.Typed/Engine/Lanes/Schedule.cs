using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Turns cells, each one intervened run, into lanes.</summary>
/// <param name="sharing">Which work may be shared.</param>
/// <param name="counts">Whether receipts count what was changed.</param>
internal sealed class Schedule(WorkSharing sharing, bool counts = true)
{
    private readonly List<Lane> lanes = [];
    private readonly List<Lane> cleanSources = [];

    /// <summary>Gets the lanes, each behind those that it needs.</summary>
    public IReadOnlyList<Lane> Lanes => lanes;

    /// <summary>Adds a clean run of a batch.</summary>
    public Lane AddClean(Batch batch, OutputRequest output) => Add(new Lane { Role = "clean base", Batch = batch, Output = output });

    /// <summary>Adds one intervened run.</summary>
    /// <param name="cell">The interventions.</param>
    /// <param name="base">The base.</param>
    /// <param name="sources">The sources; null = left out on purpose.</param>
    /// <param name="clean">A clean run of the same base whose prefix the cell can start from, or null.</param>
    /// <param name="output">What the cell's output is needed for.</param>
    /// <param name="known">What comes before the first intervention, when it is known already; then no source runs.</param>
    public CellLanes AddCell(
        BoundCell cell, Batch @base, IReadOnlyList<Batch?> sources, Lane? clean, OutputRequest output, CleanPart? known = null)
    {
        var target = new Lane
        {
            Role = "base", Batch = @base, Parent = sharing.HasFlag(WorkSharing.Blocks) ? clean : null, Output = output,
            Begun = known?.Hidden is null ? null : known,
        };
        var receipts = cell.Interventions.Select(bound => new Receipt(bound, counts)).ToArray();
        var slots = new ValueSlot?[receipts.Length];
        if (known is null)
        {
            Land(AddSources(cell, sources, receipts, slots), target, receipts, slots);
        }
        else
        {
            foreach (var bound in cell.Interventions)
            {
                slots[bound.Index] = Connect(bound, null, target, receipts[bound.Index], known.Values[bound.Index]);
            }
        }

        Add(target);
        return new CellLanes(
            target, receipts, [.. cell.Interventions.Where(bound => !bound.Spec.Intervention.Writes).Select(bound => (bound, slots[bound.Index]!))]);
    }

    /// <summary>Adds the sources of a generation: they run once, by themselves, or in series.</summary>
    /// <param name="cell">The interventions.</param>
    /// <param name="sources">The sources; null = left out on purpose.</param>
    /// <param name="receipts">What every intervention did, in the order of the configuration.</param>
    /// <returns>
    /// The interventions that act in the text, each with where its source's values will be (null where it reads none), and those that collect in a source.
    /// </returns>
    public (IReadOnlyList<(BoundIntervention Bound, ValueSlot? Source)> InText, IReadOnlyList<(BoundIntervention Bound, ValueSlot Slot)> Kept) AddReads(
        BoundCell cell, IReadOnlyList<Batch?> sources, IReadOnlyList<Receipt> receipts)
    {
        var slots = new ValueSlot?[receipts.Count];
        var inText = AddSources(cell, sources, receipts, slots).OrderBy(item => item.Bound.Index).ToList();
        foreach (var (bound, source) in inText)
        {
            receipts[bound.Index].IsSkipped = LacksSource(bound, source);
        }

        return (
            [.. inText.Where(item => !LacksSource(item.Bound, item.Source))
                .Select(item => (item.Bound, item.Source is { } lane ? Read(item.Bound, lane) : null))],
            [.. cell.Interventions.Where(bound => !bound.Spec.Intervention.Writes && slots[bound.Index] is not null)
                .Select(bound => (bound, slots[bound.Index]!))]);

        static ValueSlot Read(BoundIntervention bound, Lane lane)
        {
            var slot = new ValueSlot();
            lane.Steps.Add(new LaneStep.Read(bound, slot, bound.PositionsIn(lane.Batch, isSource: true, lane.Role)));
            return slot;
        }
    }

    private static bool LacksSource(BoundIntervention bound, Lane? source) =>
        bound.Spec.Intervention.Source == SourceNeed.Required && bound.Constant is null && source is null;

    /// <summary>Adds the runs of the sources, and returns what acts in the last run, each with the run that it reads.</summary>
    private List<(BoundIntervention Bound, Lane? Source)> AddSources(
        BoundCell cell, IReadOnlyList<Batch?> sources, IReadOnlyList<Receipt> receipts, ValueSlot?[] slots)
    {
        if (cell.Mode == CompositionMode.Serial && sources.Count > 0)
        {
            return AddSeries(cell, sources, receipts, slots);
        }

        var lanes = sources.Select((source, index) => source is null ? null : SourceLane(source, index)).ToArray();
        return [.. cell.Interventions.Select(bound => (bound, bound.ReadsSource ? lanes.ElementAtOrDefault(bound.Spec.Source) : null))];
    }

    // What is read in one source is written into the next one that is there; what is left goes into the last run.
    private List<(BoundIntervention Bound, Lane? Source)> AddSeries(
        BoundCell cell, IReadOnlyList<Batch?> sources, IReadOnlyList<Receipt> receipts, ValueSlot?[] slots)
    {
        var pending = new List<(BoundIntervention Bound, Lane? Source)>();
        for (var group = 0; group < sources.Count; group++)
        {
            var lane = sources[group] is { } source ? Add(new Lane { Role = $"source {group}", Batch = source, Output = OutputRequest.None }) : null;
            if (lane is not null)
            {
                Land(pending, lane, receipts, slots);
                pending.Clear();
            }

            pending.AddRange(cell.Interventions.Where(bound => bound.Spec.Source == group).Select(bound => (bound, bound.ReadsSource ? lane : null)));
        }

        return pending;
    }

    private static void Land(List<(BoundIntervention Bound, Lane? Source)> pending, Lane lane, IReadOnlyList<Receipt> receipts, ValueSlot?[] slots)
    {
        foreach (var (bound, source) in pending.OrderBy(item => item.Bound.Index))
        {
            slots[bound.Index] = Connect(bound, source, lane, receipts[bound.Index]);
        }
    }

    private Lane Add(Lane lane)
    {
        lanes.Add(lane);
        return lane;
    }

    private Lane SourceLane(Batch batch, int index)
    {
        var lane = sharing.HasFlag(WorkSharing.EqualSources) ? cleanSources.Find(candidate => candidate.Batch.HasSameInputs(batch)) : null;
        if (lane is null)
        {
            lane = Add(new Lane { Role = $"source {index}", Batch = batch, Output = OutputRequest.None });
            cleanSources.Add(lane);
        }

        return lane;
    }

    /// <summary>
    /// Adds the steps of one intervention: a read in its source's lane, unless its value is known, and an edit or a keep in its target's. Positions are
    /// resolved here, before anything runs.
    /// </summary>
    private static ValueSlot? Connect(BoundIntervention bound, Lane? source, Lane target, Receipt receipt, Tensor? value = null)
    {
        if (bound.Spec.Site.During is { IncludesEach: true } or { Chosen.IsEmpty: false })
        {
            throw new InterventionException(
                "steps",
                $"{bound.Name} acts on generated tokens, but {(target.Role == "base" ? "this" : target.Role)} is one forward pass; "
                    + "call Generate, or leave During out.");
        }

        var positions = bound.PositionsIn(target.Batch, isSource: false, target.Role);
        if (!bound.Spec.Intervention.Writes)
        {
            bound.CheckUnits(positions, target.Batch);
            var kept = new ValueSlot();
            target.Steps.Add(new LaneStep.Keep(bound, kept, receipt, positions));
            return kept;
        }

        if (value is null && LacksSource(bound, source))
        {
            receipt.IsSkipped = true;
            return null;
        }

        bound.CheckUnits(positions, target.Batch);
        bound.CheckConstant(target.Batch, positions);
        var read = value is null ? null : new ValueSlot(value);
        if (source is not null)
        {
            read = new ValueSlot();
            var readPositions = bound.PositionsIn(source.Batch, isSource: true, source.Role);
            bound.CheckPair((source.Batch, source.Role), readPositions, (target.Batch, target.Role), positions);
            source.Steps.Add(new LaneStep.Read(bound, read, readPositions));
            target.Needs.Add((source, bound));
        }

        target.Steps.AddRange(new LaneStep.Edit(bound, read, receipt, positions).Steps);
        return read;
    }
}
