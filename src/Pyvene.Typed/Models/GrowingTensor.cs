using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is a tensor that grows along its position axis into spare room, so that appending copies only what is new.</summary>
/// <param name="kept">How many of the positions so far are still read behind the next append; <see langword="null"/> = all. Older ones are dropped when the
/// room is used up.</param>
internal sealed class GrowingTensor(long? kept = null) : IDisposable
{
    private const long SpareRoom = 64; // positions; about one short answer

    private Tensor? buffer; // [batch, head, capacity, dHead]
    private long end; // of what is filled, in the buffer

    /// <summary>Gets the number of positions that were handed out last.</summary>
    public long Length { get; private set; }

    /// <summary>Gets how many of them the next append goes on from.</summary>
    private long Past => Math.Min(Length, kept ?? Length);

    /// <summary>Appends positions.</summary>
    /// <param name="added">[batch, head, position, dHead].</param>
    /// <returns>A view of the kept positions and the new ones; it belongs to the current dispose scope.</returns>
    public Tensor Append(Tensor added)
    {
        RequireSameRows(added);
        var (past, count) = (Past, added.shape[2]);
        if (added.requires_grad || buffer is { requires_grad: true })
        {
            Replace(past == 0 ? added.alias() : cat([Last(past), added], 2), past); // [batch, head, length, dHead]
        }
        else
        {
            Reserve(added, past);
            using var room = buffer!.narrow(2, end, count);
            room.copy_(added);
        }

        end += count;
        Length = past + count;
        return Last(Length);
    }

    /// <summary>Returns a view of what was handed out last; it belongs to the current dispose scope.</summary>
    public Tensor Kept() => Last(Length);

    /// <summary>Replaces the rows by a selection of them.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new batch].</param>
    public void SelectRows(Tensor rows)
    {
        if (buffer is null)
        {
            return;
        }

        Length = Past;
        using var filled = Last(Length);
        using var selected = filled.Rows(rows); // [new batch, head, length, dHead]
        Replace(selected.alias(), Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        buffer?.Dispose();
        buffer = null;
        Length = end = 0;
    }

    /// <summary>Refuses other rows, heads or widths than before: writing them would spread one row over all.</summary>
    private void RequireSameRows(Tensor added)
    {
        var (expected, actual) = (buffer?.shape, added.shape);
        if (expected is not null && (expected[0], expected[1], expected[3]) != (actual[0], actual[1], actual[3]))
        {
            throw new ArgumentException(
                $"The cache holds [batch {expected[0]}, head {expected[1]}, …, dHead {expected[3]}], but is given [batch {actual[0]}, head {actual[1]}, …, "
                + $"dHead {actual[3]}]. Continue it with the batch that it was begun with, or select its rows first.",
                nameof(added));
        }
    }

    private Tensor Last(long count) => buffer!.narrow(2, end - count, count); // [batch, head, count, dHead]

    /// <summary>Makes room behind what is filled: in a new buffer when there is none left, since views of the old one may still be read.</summary>
    private void Reserve(Tensor added, long past)
    {
        var shape = added.shape;
        if (buffer is not null && end + shape[2] <= buffer.shape[2])
        {
            return;
        }

        var length = past + shape[2];
        shape[2] = Length == 0 ? length + SpareRoom : kept is null ? Math.Max(length, 2 * buffer!.shape[2]) : length + Math.Max(SpareRoom, past);
        var larger = empty(shape, added.dtype, added.device); // [batch, head, capacity, dHead]
        if (past > 0)
        {
            using var old = Last(past);
            using var room = larger.narrow(2, 0, past);
            room.copy_(old);
        }

        Replace(larger, past);
    }

    private void Replace(Tensor next, long filled)
    {
        buffer?.Dispose();
        buffer = next.DetachFromDisposeScope();
        end = filled;
    }
}
