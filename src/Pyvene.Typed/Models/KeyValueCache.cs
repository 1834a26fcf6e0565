using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Keeps the keys and values of the positions that a decoder has seen, so that a next call computes new positions only.</summary>
/// <remarks>Not thread-safe: one cache belongs to one sequence of calls. Disposing it disposes every tensor in it.</remarks>
public sealed class KeyValueCache : IDisposable
{
    private readonly List<(Tensor Keys, Tensor Values)> layers = [];

    /// <summary>Gets how many positions are cached.</summary>
    public long Length => layers.Count == 0 ? 0 : layers[0].Keys.shape[2];

    /// <summary>Appends the new keys and values of a layer and returns all of them.</summary>
    /// <param name="layer">The layer, counted from 0; layers are filled in order.</param>
    /// <param name="keys">New keys: [batch, head, position, dHead].</param>
    /// <param name="values">New values: [batch, head, position, dHead].</param>
    /// <returns>All keys and values so far; the cache owns them.</returns>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        if (layer == layers.Count)
        {
            layers.Add((keys.alias().DetachFromDisposeScope(), values.alias().DetachFromDisposeScope()));
            return layers[layer];
        }

        var (oldKeys, oldValues) = layers[layer];
        layers[layer] = (cat([oldKeys, keys], 2).DetachFromDisposeScope(), cat([oldValues, values], 2).DetachFromDisposeScope()); // [batch, head, all positions, dHead]
        oldKeys.Dispose();
        oldValues.Dispose();
        return layers[layer];
    }

    /// <summary>Replaces the rows of the cache by a selection of them, as beam search does.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new batch].</param>
    public void SelectRows(Tensor rows)
    {
        for (var layer = 0; layer < layers.Count; layer++)
        {
            var (keys, values) = layers[layer];
            layers[layer] = (keys.index_select(0, rows).DetachFromDisposeScope(), values.index_select(0, rows).DetachFromDisposeScope());
            keys.Dispose();
            values.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (keys, values) in layers)
        {
            keys.Dispose();
            values.Dispose();
        }

        layers.Clear();
    }
}
