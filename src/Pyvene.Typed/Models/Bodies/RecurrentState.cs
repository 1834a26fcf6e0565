using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Keeps, of every layer, the last inputs of its convolution and the state of its recurrence, whose size does not grow with the text.</summary>
internal sealed class RecurrentState : ModelState
{
    private readonly List<(Tensor Inputs, Tensor State, long Length)> layers = [];

    /// <inheritdoc/>
    public override long Length => layers.Count == 0 ? 0 : layers[0].Length;

    /// <summary>Returns what was kept of a layer, or nothing before its first call; the tensors stay the state's.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <returns>The last inputs of the convolution, [row, kernel − 1, channel], and the state, [row, …].</returns>
    public (Tensor? Inputs, Tensor? State) Of(int layer) => layer < layers.Count ? (layers[layer].Inputs, layers[layer].State) : default;

    /// <summary>Keeps what a layer ends with.</summary>
    /// <param name="layer">The layer, counted from 0; layers are filled in order.</param>
    /// <param name="inputs">The last inputs of the convolution: [row, kernel − 1, channel]. They and <paramref name="state"/> become this object's.</param>
    /// <param name="state">The state behind the last position: [row, …].</param>
    /// <param name="positions">How many positions were new.</param>
    public void Set(int layer, Tensor inputs, Tensor state, long positions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layer, layers.Count);
        inputs.DetachFromDisposeScope();
        state.DetachFromDisposeScope();
        if (layer == layers.Count)
        {
            layers.Add((inputs, state, positions));
            return;
        }

        var old = layers[layer];
        layers[layer] = (inputs, state, old.Length + positions);
        Free(old.Inputs, old.State);
    }

    /// <inheritdoc/>
    public override void SelectRows(Tensor rows)
    {
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var old = layers[layer];
            layers[layer] = (old.Inputs.Rows(rows).DetachFromDisposeScope(), old.State.Rows(rows).DetachFromDisposeScope(), old.Length);
            Free(old.Inputs, old.State);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var layer in layers)
        {
            Free(layer.Inputs, layer.State);
        }

        layers.Clear();
    }

    private static void Free(Tensor inputs, Tensor state)
    {
        inputs.Dispose();
        state.Dispose();
    }
}
