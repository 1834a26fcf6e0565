using System.ComponentModel;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>
/// Is a component without positions or heads to choose, such as [batch, channel, height, width]: it means the whole tensor, or some features of its last axis.
/// </summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class WholeComponent<TModel> : Site<TModel>
    where TModel : IArchitecture
{
    /// <summary>Initialises the component; generated code calls this.</summary>
    /// <param name="component">The component's name in the descriptor.</param>
    /// <param name="layer">The layer, from 0; <see langword="null"/> for components that exist once.</param>
    public WholeComponent(string component, int? layer = null)
        : base(new SiteSpec { Component = component, Layer = layer })
    {
    }

    /// <summary>Initialises the component from the place of a module; generated code calls this.</summary>
    /// <param name="spec">The place.</param>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public WholeComponent(SiteSpec spec)
        : base(spec)
    {
    }
}
