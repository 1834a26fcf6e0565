using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Keeps the keys and values of the positions that a decoder has seen, so that a next call computes new positions only.</summary>
/// <remarks>
/// Not thread-safe: one cache belongs to one sequence of calls. Disposing it disposes every tensor in it. Keys and values lie in buffers with room
/// to grow, so that a decoding step copies its own position and not the whole past; keys that carry gradients are kept by concatenation instead,
/// since autograd forbids writing into them. Of a layer with a window only what later queries can see is kept, besides what the last call brought and the room
/// to grow.
/// </remarks>
public sealed class KeyValueCache : ModelState
{
    private readonly List<LayerCache> layers = [];

    /// <summary>Gets how many positions the model has seen; layers with a window keep the last of them only.</summary>
    public override long Length => layers.Count == 0 ? 0 : layers[0].Length;

    /// <summary>Gets or sets the length of the text that the kept keys were turned for, where rotary positions depend on it.</summary>
    internal long TurnedLength { get; set; }

    /// <summary>Appends the new keys and values of a layer and returns all of them.</summary>
    /// <param name="layer">The layer, counted from 0; layers are filled in order.</param>
    /// <param name="keys">New keys: [batch, head, position, dHead].</param>
    /// <param name="values">New values: [batch, head, position, dHead].</param>
    /// <param name="window">How many keys up to itself a query of the layer sees; <see langword="null"/> = all. The same in every call for a layer.</param>
    /// <returns>
    /// Views of the keys and values so far, [batch, head, key, dHead]: all, or as many cached ones as the first new query sees. They belong to the
    /// current dispose scope, their memory to the cache.
    /// </returns>
    /// <exception cref="ArgumentException">The batch, the heads, dHead or the window are others than before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A layer before this one has not been filled, or the window is less than 1.</exception>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values, long? window = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(layer, layers.Count);
        if (layer == layers.Count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(window ?? 1, 1, nameof(window));
            layers.Add(new LayerCache(window));
        }

        return layers[layer].Window == window
            ? layers[layer].Append(keys, values)
            : throw new ArgumentException($"Layer {layer} was cached with {Shown(layers[layer].Window)}, but goes on with {Shown(window)}; what lies before "
                + "a window is not kept. Begin a new cache.", nameof(window));

        static string Shown(long? window) => window is { } width ? $"a window of {width}" : "no window";
    }

    /// <summary>Returns the keys and values of a layer as they are, [batch, head, key, dHead], in the current dispose scope; null when it has none.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    internal (Tensor Keys, Tensor Values)? Of(int layer) => layer < layers.Count ? layers[layer].Kept() : null;

    /// <summary>Returns how many of the cached positions a layer with a window still reads.</summary>
    /// <param name="past">How many positions are cached.</param>
    /// <param name="window">How many keys up to itself a query sees; <see langword="null"/> = all.</param>
    internal static long Kept(long past, long? window) => window is { } width ? Math.Min(past, width - 1) : past;

    /// <summary>Replaces the rows of the cache by a selection of them, as beam search does.</summary>
    /// <param name="rows">For every new row the old row it continues: int64 [new batch].</param>
    public override void SelectRows(Tensor rows)
    {
        foreach (var layer in layers)
        {
            layer.SelectRows(rows);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var layer in layers)
        {
            layer.Dispose();
        }

        layers.Clear();
    }

    /// <summary>Keeps the keys and values of one layer.</summary>
    private sealed class LayerCache(long? window) : IDisposable
    {
        private readonly GrowingTensor keys = new(window - 1);
        private readonly GrowingTensor values = new(window - 1);

        public long? Window => window;

        public long Length { get; private set; }

        public (Tensor Keys, Tensor Values) Append(Tensor newKeys, Tensor newValues)
        {
            var appended = (keys.Append(newKeys), values.Append(newValues));
            Length += newKeys.shape[2];
            return appended;
        }

        public (Tensor Keys, Tensor Values) Kept() => (keys.Kept(), values.Kept());

        public void SelectRows(Tensor rows)
        {
            keys.SelectRows(rows);
            values.SelectRows(rows);
        }

        public void Dispose()
        {
            keys.Dispose();
            values.Dispose();
        }
    }
}
