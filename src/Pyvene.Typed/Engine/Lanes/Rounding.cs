using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>
/// Tells a difference from what rounding alone makes of one value that is computed in two lanes: a matrix product may round a row differently when other rows
/// lie beside it.
/// </summary>
internal static class Rounding
{
    /// <summary>
    /// Returns how long the difference of two rows may be, as a part of the row's length: 4E-5 in float32, some ten times the worst seen, and one to four steps
    /// of the half types.
    /// </summary>
    public static double Tolerance(ScalarType dtype) => Math.Sqrt(finfo(dtype).eps) / 8;

    /// <summary>Returns which rows (vectors along the last axis) differ by more than rounding.</summary>
    /// <param name="before">The values: [batch, …, width].</param>
    /// <param name="difference">The differences from them: [batch, …, width].</param>
    /// <returns>[batch, …, 1]; the caller's.</returns>
    public static Tensor IsExceeded(Tensor before, Tensor difference)
    {
        using var scope = NewDisposeScope();
        var length = Length(before);
        return Length(difference).gt(length * Scalars.Of(Tolerance(before.dtype))).MoveToOuterDisposeScope();
    }

    private static Tensor Length(Tensor rows) => rows.norm(-1, keepdim: true, p: 2);
}
