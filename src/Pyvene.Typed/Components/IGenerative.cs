using System.Diagnostics.Contracts;

namespace Pyvene.Typed;

/// <summary>Is implemented by places of models that generate text, where it can be said when in a generation they are acted on.</summary>
public interface IGenerative;

/// <summary>Chooses when in a generation a place is acted on.</summary>
public static class GenerativeSites
{
    /// <summary>Returns a copy of this place that says when in a generation it is acted on: the prompt, every generated token, or chosen ones.</summary>
    /// <typeparam name="TPlace">The type of the place, which stays.</typeparam>
    /// <param name="place">The place.</param>
    /// <param name="steps">The steps, such as <see cref="Steps.Each"/>. Chosen positions are those of the prompt.</param>
    [Pure]
    public static TPlace During<TPlace>(this TPlace place, Steps steps)
        where TPlace : Place, IGenerative => Place.With(place, place.Given().Spec with { During = steps.Given() });
}
