using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Widens numbers of 16 bits, in which sums over many positions would lose too much.</summary>
internal static class TensorWideningExtensions
{
    /// <summary>Returns a tensor of 16 bits as float32, and any other as it is.</summary>
    public static Tensor Wide(this Tensor tensor) => tensor.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? tensor.to(ScalarType.Float32) : tensor;
}
