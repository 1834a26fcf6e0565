namespace Pyvene.Typed;

/// <summary>Is what an axis is resolved against: the sizes of a model, and the positions of a prompt.</summary>
/// <param name="Size">Returns a size of the model, such as <c>layers</c>.</param>
/// <param name="Positions">Returns the positions of the first example, counted from its first token, each with its token.</param>
internal sealed record AxisScope(Func<string, int> Size, Func<Positions, IReadOnlyList<AxisPoint<Index>>> Positions);
