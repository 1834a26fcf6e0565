using System.ComponentModel;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component with one vector a head and position: [batch, head, position, dHead]. By itself it means all heads at all positions.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class HeadComponent<TModel> : HeadedSite<TModel, HeadSelection<TModel>>, IPositional<PositionedHeads<TModel>>
    where TModel : IArchitecture
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

    PositionedHeads<TModel> IPositional<PositionedHeads<TModel>>.PlacedAt(Positions positions) => new(Spec with { At = positions });

    private protected override HeadSelection<TModel> Chosen(SiteSpec spec) => new(spec);
}
