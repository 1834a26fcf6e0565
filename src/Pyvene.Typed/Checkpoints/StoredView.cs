using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints;

/// <summary>Is a stored tensor as a view of numbers that lie in a row. It goes to where it is wanted without being held a second time.</summary>
/// <param name="dtype">The dtype of the numbers.</param>
/// <param name="offset">The first number.</param>
/// <param name="shape">The sizes.</param>
/// <param name="strides">The strides in numbers, one a size, 0 or more.</param>
/// <param name="read">Fills a contiguous CPU tensor of the dtype with the numbers from one on.</param>
internal sealed class StoredView(ScalarType dtype, long offset, long[] shape, long[] strides, Action<long, Tensor> read)
{
    /// <summary>How many bytes of numbers that need converting, moving or comparing are in memory at once.</summary>
    public const int LargestPart = 1 << 20;

    /// <summary>Returns the strides of numbers that lie one after another in the order of the axes.</summary>
    public static long[] StridesOf(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        var next = 1L;
        for (var axis = shape.Count - 1; axis >= 0; axis--)
        {
            (strides[axis], next) = (next, next * shape[axis]);
        }

        return strides;
    }

    /// <summary>Returns whether numbers lie one after another in the order of the axes.</summary>
    public static bool IsContiguous(long[] shape, long[] strides) =>
        shape.Zip(strides).Zip(StridesOf(shape)).All(axis => axis.First.First == 1 || axis.First.Second == axis.Second);

    /// <summary>Returns the axes in the order in which the parts of a tensor follow each other in the file: the widest strides first.</summary>
    public static long[] StoredOrder(long[] strides) =>
        [.. Enumerable.Range(0, strides.Length).OrderByDescending(axis => strides[axis]).Select(axis => (long)axis)];

    /// <summary>Writes the numbers into a tensor of the same shape, converted to its dtype and moved to its device.</summary>
    public void CopyTo(Tensor destination)
    {
        using var untracked = no_grad();
        if (destination.dtype == dtype && destination.device_type == DeviceType.CPU && destination.is_contiguous() && IsContiguous(shape, strides))
        {
            read(offset, destination);
            return;
        }

        ForEachPart(destination, (stored, part) =>
        {
            part.copy_(stored);
            return true;
        });
    }

    /// <summary>Returns whether a tensor of the same shape holds the numbers, converted to its dtype; NaN equals NaN.</summary>
    public bool Holds(Tensor values)
    {
        using var untracked = no_grad();
        return ForEachPart(values, (stored, part) =>
        {
            using var near = stored.to(part.dtype, part.device);
            return near.allclose(part, rtol: 0, atol: 0, equal_nan: true);
        });
    }

    /// <summary>Reads the numbers in parts, in their order in the file, beside the same parts of a tensor, until one is not taken.</summary>
    private bool ForEachPart(Tensor tensor, Func<Tensor, Tensor, bool> take)
    {
        if (shape.Contains(0))
        {
            return true;
        }

        var order = StoredOrder(strides);
        using var turned = tensor.permute(order);
        using var buffer = empty([LargestPart / dtype.ElementSize()], dtype, CPU);
        var parts = new Parts(buffer, [.. order.Select(axis => shape[axis])], [.. order.Select(axis => strides[axis])], read, take);
        return parts.Visit(offset, 0, turned);
    }

    private sealed class Parts(Tensor buffer, long[] shape, long[] strides, Action<long, Tensor> read, Func<Tensor, Tensor, bool> take)
    {
        private readonly long most = buffer.shape[0];

        /// <summary>Visits the axes from one on.</summary>
        /// <param name="start">The first number.</param>
        /// <param name="axis">The axis; those before it have an index already.</param>
        /// <param name="tensor">The tensor without those axes.</param>
        public bool Visit(long start, int axis, Tensor tensor)
        {
            if (axis == shape.Length)
            {
                return Take(start, axis, tensor);
            }

            var row = Extent(shape[(axis + 1)..], strides[(axis + 1)..]);
            if (row > most)
            {
                for (var index = 0L; index < shape[axis]; index++)
                {
                    using var part = tensor.select(0, index);
                    if (!Visit(start + (index * strides[axis]), axis + 1, part)) return false;
                }

                return true;
            }

            var rows = 1 + ((most - row) / Math.Max(1, strides[axis]));
            for (var index = 0L; index < shape[axis]; index += rows)
            {
                using var part = tensor.narrow(0, index, Math.Min(rows, shape[axis] - index));
                if (!Take(start + (index * strides[axis]), axis, part)) return false;
            }

            return true;
        }

        private bool Take(long start, int axis, Tensor part)
        {
            var (sizes, steps) = (part.shape, strides[axis..]);
            using var numbers = buffer.narrow(0, 0, Extent(sizes, steps));
            read(start, numbers);
            using var stored = numbers.as_strided(sizes, steps);
            return take(stored, part);
        }

        /// <summary>Counts the numbers from the first to the last that a view reaches.</summary>
        private static long Extent(long[] sizes, long[] steps) => 1 + sizes.Zip(steps, (size, step) => (size - 1) * step).Sum();
    }
}
