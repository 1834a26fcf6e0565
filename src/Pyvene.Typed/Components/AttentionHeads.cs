using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is the attention weights of some heads, whose queries can be chosen: [batch, head, query, key]. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
/// <typeparam name="TIndex">What the heads are counted by.</typeparam>
public sealed class AttentionHeads<TModel, TIndex> : Site<TModel>, IHeadChoice<TIndex>, IGenerative
    where TModel : IArchitecture
    where TIndex : struct, IHeadIndex
{
    internal AttentionHeads(SiteSpec spec)
        : base(spec)
    {
    }

    /// <summary>Returns these heads limited to the rows of some queries, such as <c>Query(^1)</c>.</summary>
    /// <param name="positions">The query positions, from the start or from the end; padding is not counted.</param>
    [Pure]
    public PositionedSite<TModel> Query(params ReadOnlySpan<Index> positions) => Query(Positions.Of(positions));

    /// <inheritdoc cref="Query(ReadOnlySpan{Index})"/>
    [Pure]
    public PositionedSite<TModel> Query(Positions positions) => new(Spec with { At = positions.Given() });
}
