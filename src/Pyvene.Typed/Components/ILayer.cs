using Pyvene.Typed.Descriptors;

namespace Pyvene.Typed;

/// <summary>Is implemented by the generated types of a layer, such as <c>Gpt2.Block</c>: a layer is a value, and which one it is comes along.</summary>
/// <typeparam name="TModel">The architecture that the layer belongs to.</typeparam>
public interface ILayer<TModel>
    where TModel : IArchitecture
{
    /// <summary>Gets the index of the layer, from 0.</summary>
    LayerIndex Index { get; }
}
