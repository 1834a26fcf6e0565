using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Native;

/// <summary>Reads the number of a tensor that has one element.</summary>
/// <remarks>
/// TorchSharp 0.107 has <c>tensor.ToBoolean()</c> and its like, which read a native number through an object that nobody holds: a collection of garbage in
/// another thread may free it first, and libtorch then ends the process. Here it is held until it is read.
/// </remarks>
internal static class TensorNumbers
{
    /// <summary>Returns whether the element is true, or not 0.</summary>
    /// <param name="tensor">One element: [].</param>
    public static bool IsTrue(this Tensor tensor)
    {
        using var number = tensor.ToScalar();
        return number.ToBoolean();
    }

    /// <summary>Returns a whole number.</summary>
    /// <param name="tensor">One element: [].</param>
    public static long Whole(this Tensor tensor)
    {
        using var number = tensor.ToScalar();
        return number.ToInt64();
    }

    /// <summary>Returns a number.</summary>
    /// <param name="tensor">One element: [].</param>
    public static double Real(this Tensor tensor)
    {
        using var number = tensor.ToScalar();
        return number.ToDouble();
    }
}
