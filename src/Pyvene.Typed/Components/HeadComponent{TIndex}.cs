using System.ComponentModel;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>
/// Is a component with one vector a head, or unit like it, and position: [batch, head, position, dHead]. By itself it means all of them at all positions.
/// </summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
/// <typeparam name="TIndex">What the heads are counted by: <see cref="KeyValueHead"/>, <see cref="Sense"/>.</typeparam>
public class HeadComponent<TModel, TIndex>
    : Site<TModel>, IHeaded<TIndex, HeadSelection<TModel, TIndex>>, IPositional<PositionedHeads<TModel, TIndex>>, IGenerative
    where TModel : IArchitecture
    where TIndex : struct, IHeadIndex
{
    /// <summary>Initialises the component; generated code calls this.</summary>
    /// <param name="component">The component's name in the descriptor.</param>
    /// <param name="layer">The layer, from 0.</param>
    public HeadComponent(string component, int? layer = null)
        : base(new SiteSpec { Component = component, Layer = layer })
    {
    }

    /// <summary>Initialises the component from the place of a module; generated code calls this.</summary>
    /// <param name="spec">The place.</param>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public HeadComponent(SiteSpec spec)
        : base(spec)
    {
    }

    HeadSelection<TModel, TIndex> IHeaded<TIndex, HeadSelection<TModel, TIndex>>.LimitedTo(Heads heads) => new(Spec with { Heads = heads });

    PositionedHeads<TModel, TIndex> IPositional<PositionedHeads<TModel, TIndex>>.PlacedAt(Positions positions) => new(Spec with { At = positions });
}
