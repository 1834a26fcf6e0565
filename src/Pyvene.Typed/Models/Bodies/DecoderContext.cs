using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Holds what the blocks of a decoder share that looks back at an encoder.</summary>
/// <param name="Own">What the attention of the decoder to itself shares.</param>
/// <param name="Crossing">What the attention to the encoder's output shares; its cache has the keys and values that were made of it.</param>
internal sealed record DecoderContext(AttentionContext Own, AttentionContext Crossing)
{
    /// <summary>
    /// Gets or sets the encoder's output, [row, position, dModel]; <see langword="null"/> where keys and values that were made of it are kept.
    /// </summary>
    public Tensor? Memory { get; set; }
}
