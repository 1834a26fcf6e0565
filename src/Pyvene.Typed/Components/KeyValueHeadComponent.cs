using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component with one vector a key/value head and position, where several query heads share one: [batch, kvHead, position, dHead]. By itself it means all of them at all positions.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class KeyValueHeadComponent<TModel> : Site<TModel>, IPositional<TModel>
    where TModel : IArchitecture
{
    /// <summary>Initialises the component; generated code calls this.</summary>
    /// <param name="component">The component's name in the descriptor.</param>
    /// <param name="layer">The layer, from 0.</param>
    public KeyValueHeadComponent(string component, int? layer = null)
        : base(new SiteSpec { Component = component, Layer = layer })
    {
    }

    /// <summary>Returns this component limited to one key/value head.</summary>
    /// <param name="head">The key/value head, from 0.</param>
    [Pure]
    public HeadSelection<TModel> KeyValueHead(int head) => KeyValueHeads(head);

    /// <summary>Returns this component limited to some key/value heads.</summary>
    /// <param name="heads">The key/value heads, from 0, at least one.</param>
    [Pure]
    public HeadSelection<TModel> KeyValueHeads(params ReadOnlySpan<int> heads) => new(Spec with { Heads = Typed.Heads.Of(heads) });
}
