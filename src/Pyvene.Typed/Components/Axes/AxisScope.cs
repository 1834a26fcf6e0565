namespace Pyvene.Typed;

/// <summary>Is what an axis is resolved against: the sizes of a model, and the positions of a prompt.</summary>
/// <param name="Size">Returns a size of the model, such as <c>layers</c>.</param>
/// <param name="PositionsAlong">
/// Returns the positions of the first example along an axis, as descriptors name it, or along the only one that its tokens have; counted from its first token,
/// each with its token.
/// </param>
internal sealed record AxisScope(Func<string, int> Size, Func<Positions, string?, IReadOnlyList<AxisPoint<Index>>> PositionsAlong)
{
    /// <summary>Returns the positions of the first example, counted from its first token, each with its token.</summary>
    /// <param name="positions">The positions.</param>
    public IReadOnlyList<AxisPoint<Index>> Positions(Positions positions) => PositionsAlong(positions, null);
}
