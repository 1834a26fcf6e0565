using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Is a storage class of PyTorch, such as <c>torch.FloatStorage</c>.</summary>
/// <param name="Name">The name of the class.</param>
/// <param name="Dtype">The dtype of its elements.</param>
/// <param name="ElementSize">The size of an element in bytes.</param>
/// <param name="WordSize">The size of what is reversed when bytes are swapped: half an element for complex numbers.</param>
internal sealed record StorageKind(string Name, ScalarType Dtype, int ElementSize, int WordSize)
{
    /// <summary>Gets the classes that TorchSharp has a dtype for.</summary>
    public static IReadOnlyList<StorageKind> All { get; } =
    [
        Real("DoubleStorage", ScalarType.Float64, 8),
        Real("FloatStorage", ScalarType.Float32, 4),
        Real("HalfStorage", ScalarType.Float16, 2),
        Real("BFloat16Storage", ScalarType.BFloat16, 2),
        Real("LongStorage", ScalarType.Int64, 8),
        Real("IntStorage", ScalarType.Int32, 4),
        Real("ShortStorage", ScalarType.Int16, 2),
        Real("CharStorage", ScalarType.Int8, 1),
        Real("ByteStorage", ScalarType.Byte, 1),
        Real("BoolStorage", ScalarType.Bool, 1),
        new("ComplexFloatStorage", ScalarType.ComplexFloat32, 8, 4),
        new("ComplexDoubleStorage", ScalarType.ComplexFloat64, 16, 8),
    ];

    private static StorageKind Real(string name, ScalarType dtype, int size) => new(name, dtype, size, size);
}
