using System.Diagnostics.Contracts;

namespace Pyvene.Typed;

/// <summary>Chooses key/value heads of a component, and those that are read in a source.</summary>
public static class KeyValueHeadedComponents
{
    /// <summary>Returns this component limited to one key/value head.</summary>
    /// <typeparam name="TChosen">What the component is once it is chosen.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="head">The key/value head, from 0.</param>
    [Pure]
    public static TChosen KeyValueHead<TChosen>(this IHeaded<KeyValueHead, TChosen> component, KeyValueHead head) =>
        component.KeyValueHeads(head);

    /// <summary>Returns this component limited to some key/value heads.</summary>
    /// <typeparam name="TChosen">What the component is once they are chosen.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="heads">The key/value heads, from 0, at least one.</param>
    [Pure]
    public static TChosen KeyValueHeads<TChosen>(this IHeaded<KeyValueHead, TChosen> component, params ReadOnlySpan<KeyValueHead> heads) =>
        component.KeyValueHeads(Heads<KeyValueHead>.Of(heads));

    /// <summary>Returns this component limited to key/value heads given as a value, such as those of <see cref="Heads{TIndex}.PerExample"/>.</summary>
    /// <inheritdoc cref="KeyValueHeads{TChosen}(IHeaded{KeyValueHead, TChosen}, ReadOnlySpan{KeyValueHead})"/>
    [Pure]
    public static TChosen KeyValueHeads<TChosen>(this IHeaded<KeyValueHead, TChosen> component, Heads<KeyValueHead> heads) =>
        component.LimitedTo(heads.Given().Plain);

    /// <summary>Returns a copy of this place that reads other key/value heads of its source than it writes in the base.</summary>
    /// <typeparam name="TPlace">The type of the place, which stays.</typeparam>
    /// <param name="place">The place.</param>
    /// <param name="heads">The key/value heads in the source, as many as in the base.</param>
    [Pure]
    public static TPlace ReadKeyValueHeads<TPlace>(this TPlace place, params ReadOnlySpan<KeyValueHead> heads)
        where TPlace : Place, IHeadChoice<KeyValueHead> => place.ReadKeyValueHeads(Heads<KeyValueHead>.Of(heads));

    /// <inheritdoc cref="ReadKeyValueHeads{TPlace}(TPlace, ReadOnlySpan{KeyValueHead})"/>
    [Pure]
    public static TPlace ReadKeyValueHeads<TPlace>(this TPlace place, Heads<KeyValueHead> heads)
        where TPlace : Place, IHeadChoice<KeyValueHead> => Place.With(place, place.Given().Spec with { ReadHeads = heads.Given().Plain });
}
