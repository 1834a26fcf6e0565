using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is a tensor that grows along its position axis into spare room, so that appending copies only what is new.</summary>
internal sealed class GrowingTensor : IDisposable
{
    private const long SpareRoom = 64; // positions; about one short answer

    private Tensor? buffer; // [batch, head, capacity, dHead]

    /// <summary>Gets the number of positions that are filled.</summary>
    public long Length { get; private set; }

    /// <summary>Appends positions.</summary>
    /// <param name="added">[batch, head, position, dHead].</param>
    /// <returns>A view of everything so far; it belongs to the current dispose scope.</returns>
    public Tensor Append(Tensor added)
    {
        RequireSameRows(added);
        var length = Length + added.shape[2];
        if (added.requires_grad || buffer is { requires_grad: true })
        {
            Replace(Length == 0 ? added.alias() : cat([Filled(), added], 2)); // [batch, head, length, dHead]
        }
        else
        {
            Reserve(added, length);
            using var room = buffer!.narrow(2, Length, added.shape[2]);
            room.copy_(added);
        }

        Length = length;
        return Filled();
    }

    /// <summary>Replaces the rows by a selection of them.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new batch].</param>
    public void SelectRows(Tensor rows)
    {
        if (buffer is null)
        {
            return;
        }

        using var filled = Filled();
        using var selected = filled.Rows(rows); // [new batch, head, length, dHead]
        Replace(selected.alias());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        buffer?.Dispose();
        buffer = null;
        Length = 0;
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

    private Tensor Filled() => buffer!.narrow(2, 0, Length); // [batch, head, length, dHead]

    private void Reserve(Tensor added, long length)
    {
        if (buffer is not null && buffer.shape[2] >= length)
        {
            return;
        }

        var shape = added.shape;
        shape[2] = Length == 0 ? length + SpareRoom : Math.Max(length, 2 * buffer!.shape[2]);
        var larger = empty(shape, added.dtype, added.device); // [batch, head, capacity, dHead]
        if (Length > 0)
        {
            using var filled = Filled();
            using var room = larger.narrow(2, 0, Length);
            room.copy_(filled);
        }

        Replace(larger);
    }

    private void Replace(Tensor next)
    {
        buffer?.Dispose();
        buffer = next.DetachFromDisposeScope();
    }
}
