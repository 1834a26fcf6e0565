using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Is a norm that can be held: with the statistics of one vector it is a linear map and a shift, so that parts of the vector can be mapped.</summary>
internal interface IHeldNorm
{
    /// <summary>Gets what is added whatever the input is, [width]; <see langword="null"/> = nothing.</summary>
    Tensor? Shift { get; }

    /// <summary>Maps a part of a vector as the norm maps the whole, without the shift: the parts of a vector add up to its norm without it.</summary>
    /// <param name="part">The part: […, width].</param>
    /// <param name="whole">The vector whose statistics scale it, of the same dtype: a shape that spreads to that of the part.</param>
    /// <returns>A fresh tensor of the part's shape; it belongs to the current dispose scope.</returns>
    Tensor Part(Tensor part, Tensor whole);
}
