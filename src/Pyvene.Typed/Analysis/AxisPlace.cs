namespace Pyvene.Typed.Analysis;

/// <summary>Finds the place of a value in an axis.</summary>
internal static class AxisPlace
{
    /// <summary>Returns the place of a value, from 0.</summary>
    /// <param name="points">The values of the axis.</param>
    /// <param name="value">The value.</param>
    /// <param name="side">Which axis it is, for messages: <c>row</c> or <c>column</c>.</param>
    /// <exception cref="ArgumentException">The axis does not have the value.</exception>
    public static int Of<T>(IReadOnlyList<AxisPoint<T>> points, T value, string side)
    {
        var same = EqualityComparer<T>.Default;
        for (var place = 0; place < points.Count; place++)
        {
            if (same.Equals(points[place].Value, value) || points[place].Synonyms.Contains(value, same))
            {
                return place;
            }
        }

        throw new ArgumentException(
            FormattableString.Invariant($"The sweep did not go through {value}; its {side}s are {string.Join(", ", points.Select(point => point.Name))}."),
            side);
    }
}
