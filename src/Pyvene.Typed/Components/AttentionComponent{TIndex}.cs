using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is how much every query takes of every key, by head or unit like it: [batch, head, query, key]. By itself it means all of them.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
/// <typeparam name="TIndex">What the heads are counted by.</typeparam>
public class AttentionComponent<TModel, TIndex> : Site<TModel>, IHeaded<TIndex, AttentionHeads<TModel, TIndex>>, IGenerative
    where TModel : IArchitecture
    where TIndex : struct, IHeadIndex
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
    public PositionedHeads<TModel, TIndex> Query(params ReadOnlySpan<Index> positions) => Query(Positions.Of(positions));

    /// <inheritdoc cref="Query(ReadOnlySpan{Index})"/>
    [Pure]
    public PositionedHeads<TModel, TIndex> Query(Positions positions) => new(Spec with { At = positions.Given() });

    AttentionHeads<TModel, TIndex> IHeaded<TIndex, AttentionHeads<TModel, TIndex>>.LimitedTo(Heads heads) => new(Spec with { Heads = heads });
}
