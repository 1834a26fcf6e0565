using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models.Layers;

/// <summary>Knows which convolutions libtorch gets wrong on some processors.</summary>
internal static class Convolving
{
    private const long Block = 16; // of channels, in oneDNN

    /// <summary>Returns whether a convolution has to be a product of matrices over unfolded patches.</summary>
    /// <param name="input">[batch, in, …].</param>
    /// <param name="weight">[out, in, …].</param>
    /// <remarks>
    /// On the CPU libtorch convolves with oneDNN (docs/decisions/0004): with AVX-512 it reads beyond the input where channels do not fill its blocks, and
    /// gives wrong numbers in bfloat16 and wrong gradients. A product takes another road there and back.
    /// </remarks>
    public static bool NeedsProduct(Tensor input, Tensor weight) =>
        input.device_type == DeviceType.CPU
            && (weight.dtype == ScalarType.BFloat16
                || (weight.shape[1] > Block && weight.shape[1] % Block != 0)
                || (is_grad_enabled() && (input.requires_grad || weight.requires_grad)));
}
