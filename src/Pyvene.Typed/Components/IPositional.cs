using System.ComponentModel;
using System.Diagnostics.Contracts;

namespace Pyvene.Typed;

/// <summary>Is implemented by components with a position axis of which positions can be chosen.</summary>
/// <typeparam name="TPlaced">What the component is once they are chosen.</typeparam>
public interface IPositional<out TPlaced>
{
    /// <summary>Returns the component at positions.</summary>
    /// <param name="positions">The positions.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    TPlaced PlacedAt(Positions positions);
}

/// <summary>Chooses positions of a component.</summary>
public static class PositionalComponents
{
    /// <summary>Returns this component at positions, such as <c>At(^1)</c> or <c>At(0, ^1)</c>.</summary>
    /// <typeparam name="TPlaced">What the component is once they are chosen.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="positions">The positions, from the start or from the end; padding is not counted.</param>
    [Pure]
    public static TPlaced At<TPlaced>(this IPositional<TPlaced> component, params ReadOnlySpan<Index> positions) =>
        component.PlacedAt(Positions.Of(positions));

    /// <summary>Returns this component at a range of positions, such as <c>At(1..4)</c>.</summary>
    /// <inheritdoc cref="At{TPlaced}(IPositional{TPlaced}, ReadOnlySpan{Index})"/>
    [Pure]
    public static TPlaced At<TPlaced>(this IPositional<TPlaced> component, Range positions) =>
        component.PlacedAt(Positions.In(positions));

    /// <summary>Returns this component at the last token of a text, such as <c>At("Spain")</c>.</summary>
    /// <typeparam name="TPlaced">What the component is once it is chosen.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="text">The text; it must occur exactly once in every prompt.</param>
    [Pure]
    public static TPlaced At<TPlaced>(this IPositional<TPlaced> component, string text) =>
        component.PlacedAt(Positions.OfText(text));

    /// <summary>Returns this component at positions given as a value.</summary>
    /// <inheritdoc cref="At{TPlaced}(IPositional{TPlaced}, ReadOnlySpan{Index})"/>
    [Pure]
    public static TPlaced At<TPlaced>(this IPositional<TPlaced> component, Positions positions) =>
        component.PlacedAt(positions.Given());
}
