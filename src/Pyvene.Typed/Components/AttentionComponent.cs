using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is the attention weights of a layer: [batch, head, query, key]. By itself it means all heads and queries.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class AttentionComponent<TModel> : HeadedSite<TModel, AttentionHeads<TModel>>
    where TModel : IArchitecture
{
    /// <summary>Initialises the component; generated code calls this.</summary>
    /// <param name="component">The component's name in the descriptor.</param>
    /// <param name="layer">The layer, from 0.</param>
    public AttentionComponent(string component, int? layer = null)
        : base(new SiteSpec { Component = component, Layer = layer })
    {
    }

    /// <summary>Returns this component limited to the rows of some queries, such as <c>Query(^1)</c>.</summary>
    /// <param name="positions">The query positions, from the start or from the end; padding is not counted.</param>
    [Pure]
    public PositionedHeads<TModel> Query(params ReadOnlySpan<Index> positions) => Query(Positions.Of(positions));

    /// <inheritdoc cref="Query(ReadOnlySpan{Index})"/>
    [Pure]
    public PositionedHeads<TModel> Query(Positions positions) => new(Spec with { At = positions.Given() });

    private protected override AttentionHeads<TModel> Chosen(SiteSpec spec) => new(spec);
}
