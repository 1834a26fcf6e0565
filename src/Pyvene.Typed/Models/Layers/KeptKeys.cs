using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is the keys and values of the first positions of every row, layer by layer: a pass that begins behind them attends to them.</summary>
/// <param name="length">How many positions of a row are kept.</param>
internal sealed class KeptKeys(long length)
{
    private readonly SortedDictionary<int, (Tensor Keys, Tensor Values)> layers = [];

    /// <summary>Gets how many positions of a row are kept.</summary>
    public long Length => length;

    /// <summary>Gets what is kept, by layer: keys and values, [row, key head, position, dHead].</summary>
    public IReadOnlyDictionary<int, (Tensor Keys, Tensor Values)> Layers => layers;

    /// <summary>Keeps a layer's keys and values as they are.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="keys">[row, key head, kept position, dHead].</param>
    /// <param name="values">[row, key head, kept position, dHead].</param>
    public void Set(int layer, Tensor keys, Tensor values) => layers[layer] = (keys, values);

    /// <summary>Keeps the first positions of a layer's keys and values, as copies outside of every dispose scope.</summary>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="keys">[row, key head, position, dHead].</param>
    /// <param name="values">[row, key head, position, dHead].</param>
    public void Keep(int layer, Tensor keys, Tensor values)
    {
        using var scope = NewDisposeScope();
        Set(layer, First(keys), First(values));

        Tensor First(Tensor all) => all.narrow(2, 0, length).clone().DetachFromDisposeScope(); // [row, key head, kept position, dHead]
    }

    /// <summary>
    /// Returns a layer's keys and values with the kept ones before them; the tensors belong to the current dispose scope. A pass may hold the kept rows several
    /// times, one after another.
    /// </summary>
    /// <param name="layer">The layer, counted from 0.</param>
    /// <param name="keys">[row, key head, position, dHead].</param>
    /// <param name="values">[row, key head, position, dHead].</param>
    public (Tensor Keys, Tensor Values) Before(int layer, Tensor keys, Tensor values)
    {
        var (first, firstValues) = layers[layer];
        var times = keys.shape[0] / first.shape[0];
        return (cat([Repeated(first), keys], 2), cat([Repeated(firstValues), values], 2)); // [row, key head, kept + position, dHead]

        Tensor Repeated(Tensor kept) => times == 1 ? kept : kept.repeat([times, 1, 1, 1]);
    }
}
