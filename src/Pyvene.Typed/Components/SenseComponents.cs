using System.Diagnostics.Contracts;

namespace Pyvene.Typed;

/// <summary>Chooses senses of a component, and those that are read in a source.</summary>
public static class SenseComponents
{
    /// <summary>Returns this component limited to one sense.</summary>
    /// <typeparam name="TChosen">What the component is once it is chosen.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="sense">The sense, from 0.</param>
    [Pure]
    public static TChosen Sense<TChosen>(this IHeaded<Sense, TChosen> component, Sense sense) =>
        component.Senses(sense);

    /// <summary>Returns this component limited to some senses.</summary>
    /// <typeparam name="TChosen">What the component is once they are chosen.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="senses">The senses, from 0, at least one.</param>
    [Pure]
    public static TChosen Senses<TChosen>(this IHeaded<Sense, TChosen> component, params ReadOnlySpan<Sense> senses) =>
        component.Senses(Heads<Sense>.Of(senses));

    /// <summary>Returns this component limited to senses given as a value, such as those of <see cref="Heads{TIndex}.PerExample"/>.</summary>
    /// <inheritdoc cref="Senses{TChosen}(IHeaded{Sense, TChosen}, ReadOnlySpan{Sense})"/>
    [Pure]
    public static TChosen Senses<TChosen>(this IHeaded<Sense, TChosen> component, Heads<Sense> senses) =>
        component.LimitedTo(senses.Given().Plain);

    /// <summary>Returns a copy of this place that reads other senses of its source than it writes in the base.</summary>
    /// <typeparam name="TPlace">The type of the place, which stays.</typeparam>
    /// <param name="place">The place.</param>
    /// <param name="senses">The senses in the source, as many as in the base.</param>
    [Pure]
    public static TPlace ReadSenses<TPlace>(this TPlace place, params ReadOnlySpan<Sense> senses)
        where TPlace : Place, IHeadChoice<Sense> => place.ReadSenses(Heads<Sense>.Of(senses));

    /// <inheritdoc cref="ReadSenses{TPlace}(TPlace, ReadOnlySpan{Sense})"/>
    [Pure]
    public static TPlace ReadSenses<TPlace>(this TPlace place, Heads<Sense> senses)
        where TPlace : Place, IHeadChoice<Sense> => Place.With(place, place.Given().Spec with { ReadHeads = senses.Given().Plain });
}
