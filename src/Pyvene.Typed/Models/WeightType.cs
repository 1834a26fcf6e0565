using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Says which types weights may have.</summary>
internal static class WeightType
{
    /// <summary>Refuses a type that weights cannot have.</summary>
    /// <param name="dtype">The type that is asked for; <see langword="null"/> = float32.</param>
    /// <exception cref="ArgumentException">It is no floating-point type.</exception>
    public static void Check(ScalarType? dtype)
    {
        if (dtype is not (null or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"Weights cannot be {dtype}; expected Float16, BFloat16, Float32 or Float64.", nameof(dtype));
        }
    }
}
