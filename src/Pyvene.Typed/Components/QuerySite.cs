using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is attention weights, of all heads or of some, whose queries can be chosen: [batch, head, query, key]. Immutable.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public class QuerySite<TModel> : Site<TModel>
    where TModel : IArchitecture
{
    internal QuerySite(SiteSpec spec)
        : base(spec)
    {
    }

    /// <summary>Returns this component limited to the rows of some queries, such as <c>Query(^1)</c>.</summary>
    /// <param name="positions">The query positions, from the start or from the end; padding is not counted.</param>
    [Pure]
    public Site<TModel> Query(params ReadOnlySpan<Index> positions) => Query(Positions.Of(positions));

    /// <inheritdoc cref="Query(ReadOnlySpan{Index})"/>
    [Pure]
    public Site<TModel> Query(Positions positions) => Of(Spec with { At = positions });
}
