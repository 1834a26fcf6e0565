using System.Diagnostics.Contracts;

namespace Pyvene.Typed;

/// <summary>Chooses features of a place: entries of its last axis.</summary>
public static class FeaturedSites
{
    /// <summary>Returns a copy of this place limited to a range of features of the last axis.</summary>
    /// <typeparam name="TPlace">The type of the place, which stays.</typeparam>
    /// <param name="place">The place.</param>
    /// <param name="range">The features, half-open, counted from the start, as in <c>0..64</c>.</param>
    [Pure]
    public static TPlace Features<TPlace>(this TPlace place, Range range)
        where TPlace : Place => place.Features(Typed.Features.In(range));

    /// <summary>Returns a copy of this place limited to features of the last axis: a value, such as a part of a <see cref="Partition{TName}"/>.</summary>
    /// <typeparam name="TPlace">The type of the place, which stays.</typeparam>
    /// <param name="place">The place.</param>
    /// <param name="features">The features; of a place with a learned rotation, dimensions of the rotated space.</param>
    [Pure]
    public static TPlace Features<TPlace>(this TPlace place, Features features)
        where TPlace : Place => Place.With(place, place.Given().Spec with { Features = features.Given() });
}
