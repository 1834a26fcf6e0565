namespace Pyvene.Typed;

/// <summary>Is all pairs of the values of two axes; the second runs fastest.</summary>
internal sealed class ProductAxis<TModel, TFirst, TSecond>(IAxis<TModel, TFirst> first, IAxis<TModel, TSecond> second)
    : IAxis<TModel, (TFirst First, TSecond Second)>
{
    IReadOnlyList<AxisPoint<(TFirst First, TSecond Second)>> IAxis<TModel, (TFirst First, TSecond Second)>.PointsIn(AxisScope scope)
    {
        var inner = second.PointsIn(scope);
        return [.. first.PointsIn(scope)
            .SelectMany(outer => inner.Select(point => new AxisPoint<(TFirst, TSecond)>((outer.Value, point.Value), $"{outer.Name}, {point.Name}")))];
    }

    IReadOnlyList<(string Name, IReadOnlyList<AxisPoint> Points)> IAxis<TModel, (TFirst First, TSecond Second)>.FactorsIn(AxisScope scope) =>
        [.. first.FactorsIn(scope), .. second.FactorsIn(scope)];

    public override string ToString() => $"{first} by {second}";
}
