using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what one collecting intervention kept in a run, as a whole and as the calls of the module showed it. It owns the tensors.</summary>
/// <param name="Name">The intervention's name in the configuration; <see langword="null"/> = none.</param>
/// <param name="Place">The intervention in words.</param>
/// <param name="Slot">The values, complete.</param>
internal sealed record CollectedValue(string? Name, string Place, ValueSlot Slot) : ICollectedByName, IDisposable
{
    /// <summary>Gets the whole: [batch, unit …, width].</summary>
    public Tensor Value => Slot.Value!;

    /// <summary>Gets the pieces that the rest of the run was computed from, when it recorded gradients.</summary>
    public IReadOnlyList<Tensor> Pieces { get; } = [.. Slot.Pieces];

    /// <summary>Takes the tensors out of every dispose scope, and returns this.</summary>
    public CollectedValue Detached()
    {
        foreach (var tensor in Pieces.Append(Value))
        {
            tensor.DetachFromDisposeScope();
        }

        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Pieces.Append(Value))
        {
            tensor.Dispose();
        }
    }
}
