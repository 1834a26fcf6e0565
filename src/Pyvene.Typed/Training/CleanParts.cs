using Pyvene.Typed.Engine;
using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>
/// Gives of every batch what comes before the first intervention: the residual stream there, the keys and values of earlier positions, and what is read in the
/// sources. While the model's weights stay as they are it never changes, so it is computed once for all epochs, as far as memory allows.
/// </summary>
internal sealed class CleanParts : IDisposable
{
    // Of the positions; with fewer before the first intervention, one pass for everything is faster than two.
    private const double LeastShareBefore = 0.25;

    private readonly InterventionPlan plan;
    private readonly ExampleColumns columns;
    private readonly int[] sources; // of every intervention
    private readonly Tensor?[] values; // of every intervention: [example, unit …, width]
    private readonly SortedDictionary<int, (Tensor Keys, Tensor Values)> layers = []; // [example, key head, kept position, dHead]
    private readonly List<Tensor> owned = [];
    private Tensor? hidden; // [example, position from the first, dModel]
    private int stage;
    private long first;

    /// <summary>Prepares the parts of examples, and computes them where they are kept.</summary>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="columns">The examples; they must live as long.</param>
    /// <param name="batchSize">How many examples run together.</param>
    /// <param name="uses">How often every example is used.</param>
    /// <param name="budget">How many bytes may be kept.</param>
    public CleanParts(InterventionPlan plan, ExampleColumns columns, int batchSize, double uses, long budget)
    {
        (this.plan, this.columns) = (plan, columns);
        sources = [.. plan.Specs.Select(spec => spec.Source)];
        values = new Tensor?[sources.Length];
        if (uses > 1 && plan.HasCleanPart) IsKept = Keep([.. new BatchOrder(columns, columns.TogetherWithoutGradients(batchSize)).Grouped()], budget);
    }

    /// <summary>Prepares parts that <see cref="TryPut"/> fills, batch by batch.</summary>
    /// <param name="plan">The bound experiment, whose runs can go on.</param>
    /// <param name="columns">The examples; they must live as long.</param>
    /// <param name="batches">All examples.</param>
    public CleanParts(InterventionPlan plan, ExampleColumns columns, int[][] batches)
    {
        (this.plan, this.columns, IsKept) = (plan, columns, true);
        sources = [.. plan.Specs.Select(spec => spec.Source)];
        values = new Tensor?[sources.Length];
        first = FirstPosition(batches);
    }

    /// <summary>Gets whether the parts of all examples are kept.</summary>
    public bool IsKept { get; }

    /// <summary>Gets where runs go on: the position, of the whole set, and the stage; <see langword="null"/> = they begin with their inputs.</summary>
    public (long First, int Stage)? Beginning => IsKept && hidden is not null ? (first, stage) : null;

    private long AllColumns => columns.Base.Leading is { ndim: > 1 } leading ? leading.shape[1] : 1;

    /// <summary>Gets how many bytes are kept.</summary>
    public long Bytes => owned.Sum(tensor => tensor.numel() * tensor.element_size());

    /// <summary>
    /// Returns the part of a batch, whose tensors belong to the current dispose scope; <see langword="null"/> = it is neither kept nor worth a pass of its own.
    /// </summary>
    /// <param name="rows">The examples.</param>
    /// <param name="batch">What was taken of them.</param>
    /// <param name="gradients">Whether gradients are recorded.</param>
    /// <param name="shared">Kept keys of the same rows, for a part that goes on behind the same position in a later stage; null = it has its own.</param>
    public CleanPart? Of(int[] rows, ExampleBatch batch, bool gradients, KeptKeys? shared = null)
    {
        if (IsKept) return Taken(rows, batch, shared);
        return gradients && plan.HasCleanPart && plan.FirstPositionOf(batch.Base) is var start && start >= LeastShareBefore * batch.Base.Columns
            ? plan.ReadClean(batch.Base, batch.Sources, start)
            : null;
    }

    /// <summary>Returns the position of a batch that its runs go on with.</summary>
    /// <param name="base">The bases of the batch.</param>
    public long FirstIn(Batch @base) => Math.Max(0, first - (AllColumns - @base.Columns));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in owned)
        {
            tensor.Dispose();
        }
    }

    private CleanPart Taken(int[] rows, ExampleBatch batch, KeptKeys? shared)
    {
        using var index = tensor([.. rows.Select(row => (long)row)], dtype: int64, device: columns.Labels.device); // [row]
        // Columns that are padding in every row of the batch are left out, on the left.
        var gone = hidden is null ? 0 : first + hidden.shape[1] - batch.Base.Columns;
        var start = Math.Max(0, first - gone);
        var keys = start > 0 ? shared : null;
        if (start > 0 && keys is null)
        {
            keys = new KeptKeys(start);
            foreach (var (layer, kept) in layers)
            {
                keys.Set(layer, Before(kept.Keys), Before(kept.Values));
            }
        }

        return new CleanPart(
            stage,
            hidden?.index_select(0, index).narrow(1, Math.Max(0, gone - first), hidden.shape[1] - Math.Max(0, gone - first)), // [row, position, dModel]
            keys,
            [.. values.Select((value, number) => value is not null && columns.Has(rows[0], sources[number]) ? value.index_select(0, index) : null)]);

        Tensor Before(Tensor all) => all.index_select(0, index).narrow(2, gone, start); // [row, key head, position, dHead]
    }

    /// <summary>Computes and keeps as much as there is room for, and returns whether that is anything.</summary>
    private bool Keep(int[][] batches, long budget)
    {
        first = FirstPosition(batches);
        foreach (var from in new long?[] { first, 0, null }.Distinct())
        {
            if (from is { } position) first = position;
            if (Fits(batches[0][..1], from, budget) is not { } fits) return false;
            if (fits && batches.All(rows => TryKeep(rows, from))) return true;
            Dispose();
            owned.Clear();
            layers.Clear();
            Array.Clear(values);
            hidden = null;
        }

        return false;
    }

    // Counted from the left edge of the whole set, whose texts end at the same column.
    private long FirstPosition(int[][] batches)
    {
        using var scope = NewDisposeScope();
        return batches.Min(rows =>
        {
            using var inner = NewDisposeScope();
            var @base = columns.Take(rows).Base;
            return plan.FirstPositionOf(@base) is > 0 and var position ? AllColumns - @base.Columns + position : 0;
        });
    }

    /// <summary>Tells whether the parts of all examples fit; <see langword="null"/> = there is nothing to keep.</summary>
    private bool? Fits(int[] rows, long? from, long budget)
    {
        using var scope = NewDisposeScope();
        var bytes = Read(rows, from).Part.Tensors().Sum(tensor => tensor.numel() * tensor.element_size());
        return bytes == 0 ? null : (double)bytes / rows.Length * columns.Count <= budget;
    }

    private (CleanPart Part, ExampleBatch Batch) Read(int[] rows, long? from)
    {
        var batch = columns.Take(rows);
        return (plan.ReadClean(batch.Base, batch.Sources, from is null ? null : FirstIn(batch.Base)), batch);
    }

    /// <summary>Keeps the parts of some examples; <see langword="false"/> = their values have another shape than those of others.</summary>
    private bool TryKeep(int[] rows, long? from)
    {
        using var scope = NewDisposeScope();
        var (part, batch) = Read(rows, from);
        return TryPut(rows, batch, part);
    }

    /// <summary>Keeps the parts of some examples; <see langword="false"/> = their values have another shape than those of others.</summary>
    /// <param name="rows">The examples.</param>
    /// <param name="batch">What was taken of them.</param>
    /// <param name="part">Their part.</param>
    public bool TryPut(int[] rows, ExampleBatch batch, CleanPart part)
    {
        using var scope = NewDisposeScope();
        using var index = tensor([.. rows.Select(row => (long)row)], dtype: int64, device: columns.Labels.device); // [row]
        stage = part.Stage;
        for (var number = 0; number < values.Length; number++)
        {
            if (part.Values[number] is { } value && !TryPlace(ref values[number], value)) return false;
        }

        if (part.Hidden is not { } stream) return hidden is null;
        // What lies left of a shorter text stays zero, and is read by nobody.
        if (stream.shape[1] != batch.Base.Columns - part.First) return false;
        hidden ??= Room([columns.Count, AllColumns - first, stream.shape[2]], stream);
        hidden.narrow(1, hidden.shape[1] - stream.shape[1], stream.shape[1]).index_copy_(0, index, stream);
        foreach (var (layer, (keys, ofValues)) in part.Keys?.Layers ?? new Dictionary<int, (Tensor, Tensor)>())
        {
            if (!layers.TryGetValue(layer, out var room)) room = layers[layer] = (RoomFor(keys), RoomFor(ofValues));
            room.Keys.narrow(2, first - part.First, part.First).index_copy_(0, index, keys);
            room.Values.narrow(2, first - part.First, part.First).index_copy_(0, index, ofValues);
        }

        return true;

        bool TryPlace(ref Tensor? place, Tensor value)
        {
            place ??= Room([columns.Count, .. value.shape[1..]], value);
            if (!place.shape.AsSpan(1).SequenceEqual(value.shape.AsSpan(1))) return false;
            place.index_copy_(0, index, value);
            return true;
        }

        Tensor RoomFor(Tensor keys) => Room([columns.Count, keys.shape[1], first, keys.shape[3]], keys);

        Tensor Room(long[] shape, Tensor like)
        {
            var room = zeros(shape, like.dtype, like.device).DetachFromDisposeScope();
            owned.Add(room);
            return room;
        }
    }
}
