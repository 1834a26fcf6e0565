using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Native;

/// <summary>Finds where the numbers of float32 tensors lie, for what is computed on them here.</summary>
internal static unsafe class FloatMemory
{
    /// <summary>Returns whether a tensor is float32 in the processor's memory.</summary>
    public static bool IsNear(Tensor tensor) => tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU;

    /// <summary>
    /// Returns where the numbers of a contiguous tensor begin, which the garbage collector never moves. Its first one is asked, because a span holds no more
    /// than 2 GB.
    /// </summary>
    public static float* Start(Tensor tensor)
    {
        using var first = tensor.view(-1).narrow(0, 0, 1);
        return (float*)Unsafe.AsPointer(ref first.bytes[0]);
    }
}
