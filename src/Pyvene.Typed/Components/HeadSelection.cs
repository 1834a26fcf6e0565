using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component limited to some of its heads, at all positions unless some are chosen: [batch, head, position, dHead]. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class HeadSelection<TModel> : Site<TModel>, IPositional<PositionedSite<TModel>>, IGenerative
    where TModel : IArchitecture
{
    internal HeadSelection(SiteSpec spec)
        : base(spec)
    {
    }

    /// <summary>Returns a copy of this place that reads other heads of its source than it writes in the base.</summary>
    /// <param name="heads">The heads in the source, as many as in the base.</param>
    [Pure]
    public HeadSelection<TModel> ReadHeads(params ReadOnlySpan<QueryHead> heads) => ReadHeads(Heads.Of(heads));

    /// <inheritdoc cref="ReadHeads(ReadOnlySpan{QueryHead})"/>
    [Pure]
    public HeadSelection<TModel> ReadHeads(Heads heads) => new(Spec with { ReadHeads = heads.Given() });

    PositionedSite<TModel> IPositional<PositionedSite<TModel>>.PlacedAt(Positions positions) => new(Spec with { At = positions });
}
