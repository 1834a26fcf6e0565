using System.Diagnostics.Contracts;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is a component whose features are the neurons of an MLP: [batch, position, dMlp]. By itself it means all of them at all positions.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
public sealed class NeuronComponent<TModel> : Site<TModel>, IPositional<PositionedSite<TModel>>, IGenerative
    where TModel : IArchitecture
{
    /// <summary>Initialises the component; generated code calls this.</summary>
    /// <param name="component">The component's name in the descriptor.</param>
    /// <param name="layer">The layer, from 0; <see langword="null"/> for components that exist once.</param>
    public NeuronComponent(string component, int? layer = null)
        : base(new SiteSpec { Component = component, Layer = layer })
    {
    }

    /// <summary>Returns this component limited to one neuron.</summary>
    /// <param name="neuron">The neuron, from 0.</param>
    [Pure]
    public PositionComponent<TModel> Neuron(Neuron neuron) => Neurons(neuron);

    /// <summary>Returns this component limited to some neurons.</summary>
    /// <param name="neurons">The neurons, from 0, at least one.</param>
    [Pure]
    public PositionComponent<TModel> Neurons(params ReadOnlySpan<Neuron> neurons) => new(Spec with { Features = Features.Of(neurons) });

    PositionedSite<TModel> IPositional<PositionedSite<TModel>>.PlacedAt(Positions positions) => new(Spec with { At = positions });
}
