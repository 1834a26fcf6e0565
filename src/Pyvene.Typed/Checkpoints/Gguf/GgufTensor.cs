namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Says what a tensor of a GGUF file is and where its bytes lie.</summary>
/// <param name="Type">How its numbers are stored.</param>
/// <param name="Shape">The sizes, slowest axis first: the file's own order reversed.</param>
/// <param name="Start">The position of the first byte in the file.</param>
internal sealed record GgufTensor(GgufType Type, long[] Shape, long Start)
{
    /// <summary>Gets the dtype and shape of the numbers as they are read: quantised ones as float32.</summary>
    public TensorInfo Info => new(Type.Dtype, Shape);

    /// <inheritdoc/>
    public override string ToString() => $"{Type.Name} [{string.Join(", ", Shape)}]";
}
