using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is the attention weights of a layer: [batch, head, query, key]. By itself it means all heads and queries.</summary>
/// <typeparam name="TModel">The architecture that the component belongs to.</typeparam>
/// <param name="component">The component's name in the descriptor.</param>
/// <param name="layer">The layer, from 0.</param>
public sealed class AttentionComponent<TModel>(string component, int? layer = null) : AttentionComponent<TModel, QueryHead>(component, layer)
    where TModel : IArchitecture;
