using System.ComponentModel;
using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is implemented by components with a position axis of which positions can be chosen.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public interface IPositional<TModel>
    where TModel : IArchitecture
{
    /// <summary>Gets the place as plain data.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    SiteSpec Spec { get; }
}

/// <summary>Chooses positions of a component.</summary>
public static class PositionalComponents
{
    /// <summary>Returns this component at positions, such as <c>At(^1)</c> or <c>At(0, ^1)</c>.</summary>
    /// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="positions">The positions, from the start or from the end; padding is not counted.</param>
    [Pure]
    public static Site<TModel> At<TModel>(this IPositional<TModel> component, params ReadOnlySpan<Index> positions)
        where TModel : IArchitecture => component.At(Positions.Of(positions));

    /// <summary>Returns this component at a range of positions, such as <c>At(1..4)</c>.</summary>
    /// <inheritdoc cref="At{TModel}(IPositional{TModel}, ReadOnlySpan{Index})"/>
    [Pure]
    public static Site<TModel> At<TModel>(this IPositional<TModel> component, Range positions)
        where TModel : IArchitecture => component.At(Positions.In(positions));

    /// <summary>Returns this component at the last token of a text, such as <c>At("Spain")</c>.</summary>
    /// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
    /// <param name="component">The component.</param>
    /// <param name="text">The text; it must occur exactly once in every prompt.</param>
    [Pure]
    public static Site<TModel> At<TModel>(this IPositional<TModel> component, string text)
        where TModel : IArchitecture => component.At(Positions.OfText(text));

    /// <summary>Returns this component at positions given as a value.</summary>
    /// <inheritdoc cref="At{TModel}(IPositional{TModel}, ReadOnlySpan{Index})"/>
    [Pure]
    public static Site<TModel> At<TModel>(this IPositional<TModel> component, Positions positions)
        where TModel : IArchitecture => Site<TModel>.Of(component.Spec with { At = positions });
}
