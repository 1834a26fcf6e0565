using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>
/// Is a component with one vector a key/value head and position, where several query heads share one: [batch, kvHead, position, dHead]. By itself it means all
/// of them at all positions.
/// </summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class KeyValueHeadComponent<TModel> : KeyValueHeadedSite<TModel, KeyValueHeadSelection<TModel>>, IPositional<PositionedKeyValueHeads<TModel>>
    where TModel : IArchitecture
{
    /// <summary>Initialises the component; generated code calls this.</summary>
    /// <param name="component">The component's name in the descriptor.</param>
    /// <param name="layer">The layer, from 0.</param>
    public KeyValueHeadComponent(string component, int? layer = null)
        : base(new SiteSpec { Component = component, Layer = layer })
    {
    }

    PositionedKeyValueHeads<TModel> IPositional<PositionedKeyValueHeads<TModel>>.PlacedAt(Positions positions) => new(Spec with { At = positions });

    private protected override KeyValueHeadSelection<TModel> Chosen(SiteSpec spec) => new(spec);
}
