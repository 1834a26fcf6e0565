using System.Diagnostics.Contracts;

namespace Pyvene.Typed;

/// <summary>Is implemented by places at chosen positions, or time steps: a source can be read at others.</summary>
public interface IPositioned;

/// <summary>Chooses where a source is read.</summary>
public static class PositionedSites
{
    /// <summary>Returns a copy of this place that reads its source at other positions than it writes the base.</summary>
    /// <typeparam name="TPlace">The type of the place, which stays.</typeparam>
    /// <param name="place">The place.</param>
    /// <param name="positions">The positions in the source, as many as in the base.</param>
    [Pure]
    public static TPlace ReadAt<TPlace>(this TPlace place, Positions positions)
        where TPlace : Place, IPositioned => Place.With(place, place.Given().Spec with { ReadAt = positions.Given() });

    /// <inheritdoc cref="ReadAt{TPlace}(TPlace, Positions)"/>
    [Pure]
    public static TPlace ReadAt<TPlace>(this TPlace place, params ReadOnlySpan<Index> positions)
        where TPlace : Place, IPositioned => place.ReadAt(Positions.Of(positions));

    /// <summary>Returns a copy of this place that reads its source at the last token of a text.</summary>
    /// <typeparam name="TPlace">The type of the place, which stays.</typeparam>
    /// <param name="place">The place.</param>
    /// <param name="text">The text; it must occur exactly once in every example of the source.</param>
    [Pure]
    public static TPlace ReadAt<TPlace>(this TPlace place, string text)
        where TPlace : Place, IPositioned => place.ReadAt(Positions.OfText(text));
}
