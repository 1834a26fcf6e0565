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

    /// <summary>Gets whether the tensor has every element of its storage once, so that they can be read as they come.</summary>
    public bool FillsStorage =>
        StoredView.StoredOrder(Strides) is var order && Count == Storage.Count
        && StoredView.IsContiguous([.. order.Select(axis => Shape[axis])], [.. order.Select(axis => Strides[axis])]);
}
