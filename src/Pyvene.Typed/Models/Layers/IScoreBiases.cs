using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Makes what is added to the scores of keys that are seen, by how far they lie from a query.</summary>
internal interface IScoreBiases
{
    /// <summary>Returns the biases of a pass; they belong to the current dispose scope.</summary>
    /// <param name="inputs">The arguments, checked by <see cref="InputCheck"/>.</param>
    /// <param name="hidden">The embeddings: [row, position, dModel]; biases are made on their device.</param>
    /// <param name="past">The number of cached positions.</param>
    /// <returns>[row or 1, head, 1 or query, key].</returns>
    Tensor At(ModelInputs inputs, Tensor hidden, long past);
}
