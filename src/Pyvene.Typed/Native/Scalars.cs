using System.Collections.Concurrent;
using TorchSharp;

namespace Pyvene.Typed.Native;

/// <summary>Makes the numbers that operations on tensors take, and keeps them.</summary>
/// <remarks>
/// A number that converts by itself becomes an object that nobody holds: TorchSharp 0.107 reads its native address, and a collection of garbage in another
/// thread may free what lies there before the operation has read it
/// (a few exceptions in 100,000 operations while garbage is collected all the time; the value of another number could be read as well). One that is kept is
/// never freed. Thread-safe.
/// </remarks>
internal static class Scalars
{
    private const int Most = 1 << 16; // of each kind; behind them a number is made, and its few bytes are never given back

    private static readonly ConcurrentDictionary<long, Scalar> Whole = new();
    private static readonly ConcurrentDictionary<long, Scalar> Real = new(); // by its bits: -0.0 equals 0.0 and is another number

    /// <summary>Returns a whole number: int64.</summary>
    public static Scalar Of(long value) => Kept(Whole, value, static number => number.ToScalar());

    /// <summary>Returns a number: float64, which takes the dtype of the tensor that it meets.</summary>
    public static Scalar Of(double value) => Kept(Real, BitConverter.DoubleToInt64Bits(value), static bits => BitConverter.Int64BitsToDouble(bits).ToScalar());

    /// <summary>Returns true or false.</summary>
    public static Scalar Of(bool value) => value ? Truth.Yes : Truth.No;

    private static Scalar Kept(ConcurrentDictionary<long, Scalar> kept, long value, Func<long, Scalar> make)
    {
        if (kept.TryGetValue(value, out var found))
        {
            return found;
        }

        if (kept.Count < Most)
        {
            return kept.GetOrAdd(value, make);
        }

        var passing = make(value);
        GC.SuppressFinalize(passing);
        return passing;
    }

    private static class Truth
    {
        public static readonly Scalar Yes = true.ToScalar();
        public static readonly Scalar No = false.ToScalar();
    }
}
