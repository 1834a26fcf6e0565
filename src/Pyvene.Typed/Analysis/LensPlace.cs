using System.Globalization;

namespace Pyvene.Typed.Analysis;

/// <summary>Is what a layer's output, decoded at one position, predicts. Immutable.</summary>
/// <param name="Top">The likeliest tokens, likeliest first.</param>
/// <param name="LogProbability">The natural logarithm of the followed token's probability; <see langword="null"/> = none is followed.</param>
/// <param name="Rank">How many tokens are likelier than the followed one, 0 = it is the likeliest; <see langword="null"/> = none is followed.</param>
public sealed record LensPlace(IReadOnlyList<TokenProbability> Top, double? LogProbability = null, int? Rank = null)
{
    /// <summary>Returns the likeliest token, its probability and the rank of the followed one.</summary>
    public override string ToString() => Top is [var first, ..]
        ? string.Create(CultureInfo.InvariantCulture, $"{first.Shown} {first.Probability:F2}") + (Rank is { } rank ? $" ({rank.ToString(Invariant)})" : "")
        : "nothing";

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;
}
