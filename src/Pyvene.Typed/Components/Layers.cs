namespace Pyvene.Typed;

/// <summary>Is a range of layers as a value, resolved against the depth of the model that it is used on. Immutable.</summary>
/// <typeparam name="TLayer">The generated type of one layer, such as <c>Gpt2.Block</c>.</typeparam>
/// <param name="at">Returns the layer with an index.</param>
/// <param name="range">The layers that are meant.</param>
public sealed class Layers<TLayer>(Func<int, TLayer> at, Range range)
{
    /// <summary>Returns the layers of a model of some depth, first to last, with their indices.</summary>
    /// <param name="depth">The number of layers of the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie in a model of this depth.</exception>
    public IReadOnlyList<(int Index, TLayer Layer)> Of(int depth)
    {
        var (start, length) = range.GetOffsetAndLength(depth);
        return [.. Enumerable.Range(start, length).Select(index => (index, at(index)))];
    }
}
