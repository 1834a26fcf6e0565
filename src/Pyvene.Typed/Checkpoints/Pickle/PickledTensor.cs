using Pyvene.Typed.Checkpoints;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Describes a tensor of a pickle: a view of a storage, whose bounds were checked.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">The first element.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Strides">The strides in elements, one a size, 0 or more.</param>
/// <param name="RequiresGradient">Whether it was saved as one that needs a gradient.</param>
/// <param name="IsParameter">Whether it was saved as a parameter of a module.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides, bool RequiresGradient, bool IsParameter)
{
    /// <summary>Gets the dtype and shape.</summary>
    public TensorInfo Info => new(Storage.Kind.Dtype, Shape);

    /// <summary>Gets the number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Gets the number of elements from the first to the last that the view reaches.</summary>
    public long Extent => Count == 0 ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    /// <summary>Gets whether the elements lie one after another in the order of the axes.</summary>
    public bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var axis = Shape.Length - 1; axis >= 0; axis--)
            {
                if (Shape[axis] != 1 && Strides[axis] != expected)
                {
                    return false;
                }

                expected *= Shape[axis];
            }

            return true;
        }
    }
}
