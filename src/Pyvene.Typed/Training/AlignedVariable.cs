using Pyvene.Typed.Configuration;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Training;

/// <summary>Is one variable of an alignment with the place that holds it.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Place">The place with its features, which are dimensions of the intervention's own space where it has one.</param>
/// <param name="Intervention">What exchanges it; null = a learned rotation, which all such variables at one place share.</param>
internal sealed record AlignedVariable(string Name, SiteSpec Place, Intervention? Intervention)
{
    /// <summary>Gets the place without its features: variables with an equal one share a rotation.</summary>
    public SiteSpec Whole => Place with { Features = null };

    /// <summary>Returns a feature that two variables share, or null: both lie at one place, and neither's features are apart from the other's.</summary>
    /// <param name="other">The other variable.</param>
    /// <param name="isShared">Whether they share a feature; it is not known which where one has all.</param>
    public int? SharedWith(AlignedVariable other, out bool isShared)
    {
        var (mine, others) = (FeaturesOf(Place), FeaturesOf(other.Place));
        mine?.IntersectWith(others ?? mine);
        var same = mine ?? others;
        isShared = LiesWhere(other) && same is not { Count: 0 };
        return isShared && same is not null ? same.Min() : null;
    }

    /// <summary>Returns the variable with its place in words.</summary>
    public override string ToString() => $"{Name} at {Words}";

    /// <summary>Gets the place in words: <c>features 0 to 7 of block_output of layer 0</c>.</summary>
    public string Words => Place.Features is not { Index: var index } ? Place.ToString()
        : index.IsPerExample ? $"features by example of {Whole}"
        : index.Rows[0] is var row && row.Max() - row.Min() + 1 == row.Length && row.Length > 1 ? $"features {row.Min()} to {row.Max()} of {Whole}"
        : $"feature{(row.Length == 1 ? "" : "s")} {string.Join(", ", row)} of {Whole}";

    private static HashSet<int>? FeaturesOf(SiteSpec place) => place.Features?.Index.Rows.SelectMany(row => row).ToHashSet();

    // What chooses all positions, or all heads, lies where any of them does.
    private bool LiesWhere(AlignedVariable other) =>
        Whole with { At = null, ReadAt = null, Heads = null, ReadHeads = null } == other.Whole with { At = null, ReadAt = null, Heads = null, ReadHeads = null }
        && (Place.At is null || other.Place.At is null || Place.At == other.Place.At)
        && (Place.Heads is not { Index: var heads } || other.Place.Heads is not { Index: var others }
            || heads.Rows.SelectMany(row => row).Intersect(others.Rows.SelectMany(row => row)).Any());
}
