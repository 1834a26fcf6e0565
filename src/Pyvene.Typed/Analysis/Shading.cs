namespace Pyvene.Typed.Analysis;

/// <summary>Is how strongly a value is shaded: not at all where it is the centre up to rounding, fully where it is as far from it as any.</summary>
/// <param name="Centre">The value that is blank, such as that of the clean run.</param>
/// <param name="Reach">How far from the centre shading is full.</param>
/// <param name="Floor">How far a value may be from the centre by rounding alone.</param>
internal readonly record struct Shading(double Centre, double Reach, double Floor)
{
    /// <summary>Returns the shading of values around a centre.</summary>
    /// <param name="centre">The centre.</param>
    /// <param name="values">The values; those that are not finite do not count.</param>
    /// <param name="rounding">Returns what rounding makes at most of values that are at most so large.</param>
    public static Shading Around(double centre, IReadOnlyCollection<double> values, Func<double, double> rounding)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var largest = finite.Append(double.IsFinite(centre) ? centre : 0).Max(Math.Abs);
        return new(centre, finite.Select(value => Math.Abs(value - centre)).Where(double.IsFinite).DefaultIfEmpty().Max(), rounding(largest));
    }

    /// <summary>Returns the strength of a value: −1 (below the centre) to 1 (above it), 0 = blank; NaN where the value is.</summary>
    public double Of(double value)
    {
        var difference = value - Centre;
        return double.IsNaN(value) ? double.NaN
            : double.IsNaN(difference) || Math.Abs(difference) <= Floor || Reach <= Floor ? 0
            : double.IsInfinity(difference) ? Math.Sign(difference)
            : Math.Clamp(difference / Reach, -1, 1);
    }
}
