using System.ComponentModel;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component with one vector a position: [batch, position, width]. By itself it means the whole tensor.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class PositionComponent<TModel> : Site<TModel>, IPositional<PositionedSite<TModel>>, IGenerative
    where TModel : IArchitecture
{
    /// <summary>Initialises the component; generated code calls this.</summary>
    /// <param name="component">The component's name in the descriptor.</param>
    /// <param name="layer">The layer, from 0; <see langword="null"/> for components that exist once.</param>
    public PositionComponent(string component, int? layer = null)
        : base(new SiteSpec { Component = component, Layer = layer })
    {
    }

    /// <summary>Initialises the component from the place of a module; generated code calls this.</summary>
    /// <param name="spec">The place.</param>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public PositionComponent(SiteSpec spec)
        : base(spec)
    {
    }

    PositionedSite<TModel> IPositional<PositionedSite<TModel>>.PlacedAt(Positions positions) => new(Spec with { At = positions });
}
