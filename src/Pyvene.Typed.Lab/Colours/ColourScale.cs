using Pyvene.Typed.Analysis;

namespace Pyvene.Typed.Lab;

/// <summary>
/// Is how values become colours: around a centre, as orange above it and blue below, or from nothing to full, as probabilities. Both can be told apart by every
/// kind of colour vision, on light and on dark pages. Immutable.
/// </summary>
public sealed record ColourScale
{
    private readonly Shading shading;

    private ColourScale(Shading shading, bool isSequential) => (this.shading, IsSequential) = (shading, isSequential);

    /// <summary>Gets whether it goes one way, from blank to full.</summary>
    public bool IsSequential { get; }

    /// <summary>Gets the value that is blank: that of the clean run, or the lowest of a sequential scale.</summary>
    public double Centre => shading.Centre;

    /// <summary>Gets how far from the centre the colour is full; further away it stays so.</summary>
    public double Reach => shading.Reach;

    /// <summary>Gets how far from the centre a value is still blank, because rounding alone may have brought it there.</summary>
    public double Floor => shading.Floor;

    /// <summary>Returns a scale around a centre.</summary>
    /// <param name="centre">The value that is blank, such as a table's <see cref="SweepTable.Clean"/>.</param>
    /// <param name="reach">How far from it the colour is full, above 0.</param>
    /// <param name="floor">How far from it a value is still blank, at least 0; where it is not below the reach, everything is blank.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or out of its range.</exception>
    public static ColourScale Around(double centre, double reach, double floor = 0)
    {
        Require(double.IsFinite(centre), centre, nameof(centre), "a finite number");
        Require(double.IsFinite(reach) && reach > 0, reach, nameof(reach), "a finite number above 0");
        Require(double.IsFinite(floor) && floor >= 0, floor, nameof(floor), "a finite number, at least 0");
        return new(new Shading(centre, reach, floor), isSequential: false);
    }

    /// <summary>Returns a scale from blank to full.</summary>
    /// <param name="low">The value that is blank; so are lower ones.</param>
    /// <param name="high">The value whose colour is full, above the low one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the high one is not above the low one.</exception>
    public static ColourScale Sequential(double low = 0, double high = 1)
    {
        Require(double.IsFinite(low), low, nameof(low), "a finite number");
        Require(double.IsFinite(high) && high > low, high, nameof(high), FormattableString.Invariant($"a finite number above the low one, {low}"));
        return new(new Shading(low, high - low, 0), isSequential: true);
    }

    /// <summary>Returns the scale in words.</summary>
    public override string ToString() => IsSequential
        ? $"{Digits.Of(Centre)} to {Digits.Of(Centre + Reach)}"
        : $"{Digits.Of(Centre)} ± {Digits.Of(Reach)}, blank within {Digits.Of(Floor)}";

    internal static ColourScale Of(Shading shading) => new(shading, isSequential: false);

    /// <summary>Returns the scale as wide around another centre.</summary>
    internal ColourScale At(double centre) => new(shading with { Centre = centre }, IsSequential);

    /// <summary>Returns the scale as wide as the widest of several, so that equal colours mean equal differences.</summary>
    internal static ColourScale Widest(IEnumerable<ColourScale> scales)
    {
        var all = scales.ToArray();
        return new(all[0].shading with { Reach = all.Max(scale => scale.Reach), Floor = all.Max(scale => scale.Floor) }, all[0].IsSequential);
    }

    /// <summary>Returns how strong a value's colour is, −1 to 1; NaN where it is no number.</summary>
    internal double Strength(double value) => IsSequential && shading.Of(value) < 0 ? 0 : shading.Of(value);

    /// <summary>Returns the level of a value: 0 = blank, to plus or minus <see cref="Palette.Levels"/>.</summary>
    internal int Level(double value) => Strength(value) is var strength && double.IsNaN(strength) ? 0 : (int)Math.Round(strength * Palette.Levels);

    /// <summary>Returns the class of a level's colour.</summary>
    internal string ClassOf(int level) => FormattableString.Invariant($"{(IsSequential ? 's' : level < 0 ? 'n' : 'p')}{Math.Abs(level)}");

    private static void Require(bool isRight, double value, string name, string what)
    {
        if (!isRight) throw new ArgumentOutOfRangeException(name, value, $"The {name} of a scale must be {what}.");
    }
}
