using System.ComponentModel;
using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component with one vector a head and position: [batch, head, position, dHead]. By itself it means all heads at all positions.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class HeadComponent<TModel> : Site<TModel>, IPositional<TModel>
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

    /// <summary>Returns this component limited to one head.</summary>
    /// <param name="head">The head, from 0.</param>
    [Pure]
    public HeadSelection<TModel> Head(int head) => Heads(head);

    /// <summary>Returns this component limited to some heads.</summary>
    /// <param name="heads">The heads, from 0, at least one.</param>
    [Pure]
    public HeadSelection<TModel> Heads(params ReadOnlySpan<int> heads) => new(Spec with { Heads = Typed.Heads.Of(heads) });
}
