using System.Diagnostics.Contracts;

namespace Pyvene.Typed;

/// <summary>Chooses heads of a component, and those that are read in a source.</summary>
public static class HeadedComponents
{
    /// <summary>Returns this component limited to one head.</summary>
    /// <typeparam name="TChosen">What the component is once it is chosen.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="head">The head, from 0.</param>
    [Pure]
    public static TChosen Head<TChosen>(this IHeaded<QueryHead, TChosen> component, QueryHead head) =>
        component.Heads(head);

    /// <summary>Returns this component limited to some heads.</summary>
    /// <typeparam name="TChosen">What the component is once they are chosen.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="heads">The heads, from 0, at least one.</param>
    [Pure]
    public static TChosen Heads<TChosen>(this IHeaded<QueryHead, TChosen> component, params ReadOnlySpan<QueryHead> heads) =>
        component.Heads(Typed.Heads.Of(heads));

    /// <summary>Returns this component limited to heads given as a value, such as those of <see cref="Heads.PerExample"/>.</summary>
    /// <inheritdoc cref="Heads{TChosen}(IHeaded{QueryHead, TChosen}, ReadOnlySpan{QueryHead})"/>
    [Pure]
    public static TChosen Heads<TChosen>(this IHeaded<QueryHead, TChosen> component, Heads heads) =>
        component.LimitedTo(heads.Given());

    /// <summary>Returns a copy of this place that reads other heads of its source than it writes in the base.</summary>
    /// <typeparam name="TPlace">The type of the place, which stays.</typeparam>
    /// <param name="place">The place.</param>
    /// <param name="heads">The heads in the source, as many as in the base.</param>
    [Pure]
    public static TPlace ReadHeads<TPlace>(this TPlace place, params ReadOnlySpan<QueryHead> heads)
        where TPlace : Place, IHeadChoice<QueryHead> => place.ReadHeads(Typed.Heads.Of(heads));

    /// <inheritdoc cref="ReadHeads{TPlace}(TPlace, ReadOnlySpan{QueryHead})"/>
    [Pure]
    public static TPlace ReadHeads<TPlace>(this TPlace place, Heads heads)
        where TPlace : Place, IHeadChoice<QueryHead> => Place.With(place, place.Given().Spec with { ReadHeads = heads.Given() });
}
