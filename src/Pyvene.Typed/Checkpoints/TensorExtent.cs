namespace Pyvene.Typed.Checkpoints;

/// <summary>Counts the elements of a tensor as a file declares it: the one check of sizes behind every format.</summary>
internal static class TensorExtent
{
    /// <summary>How many axes libtorch computes with.</summary>
    public const int MostAxes = 64;

    /// <summary>Counts the elements of sizes.</summary>
    /// <param name="sizes">The sizes, each 0 or more.</param>
    /// <param name="count">The number of elements.</param>
    /// <returns>False when there are too many axes, or the sizes beyond 0 overflow: libtorch computes strides of a tensor without elements too.</returns>
    public static bool TryCount(ReadOnlySpan<long> sizes, out long count)
    {
        const int widestElement = 16;
        count = 0;
        if (sizes.Length > MostAxes)
        {
            return false;
        }

        var (product, isEmpty) = (1L, false);
        foreach (var size in sizes)
        {
            isEmpty |= size == 0;
            var factor = Math.Max(1, size);
            if (size < 0 || factor > long.MaxValue / widestElement / product)
            {
                return false;
            }

            product *= factor;
        }

        count = isEmpty ? 0 : product;
        return true;
    }
}
