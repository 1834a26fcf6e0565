using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Is what one collecting intervention kept in a generation. It owns the tensors.</summary>
/// <param name="Name">The intervention's name in the configuration; <see langword="null"/> = none.</param>
/// <param name="Tensors">One tensor a forward pass in which it acted: [row, unit …, width].</param>
internal sealed record CollectedPasses(string? Name, IReadOnlyList<Tensor> Tensors) : ICollectedByName, IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
        {
            tensor.Dispose();
        }
    }
}
