namespace Pyvene.Typed;

/// <summary>Is an axis of positions of one of two rows of tokens: those of an encoder, or those of its decoder.</summary>
/// <param name="positions">The positions.</param>
/// <param name="axis">The axis that they are counted along, as descriptors name it.</param>
/// <param name="name">The name of the sweep's axis.</param>
internal sealed class PositionAxis(Positions positions, string axis, string name) : IAxis<object, Index>
{
    IReadOnlyList<AxisPoint<Index>> IAxis<object, Index>.PointsIn(AxisScope scope) => scope.PositionsAlong(positions, axis);

    IReadOnlyList<(string Name, IReadOnlyList<AxisPoint> Points)> IAxis<object, Index>.FactorsIn(AxisScope scope) =>
        [(name, scope.PositionsAlong(positions, axis))];
}
