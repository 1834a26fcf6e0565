namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Is a block of numbers that one or more tensors of a pickle lie in.</summary>
/// <param name="Key">The name in the file.</param>
/// <param name="Kind">The kind of the elements.</param>
/// <param name="Count">The number of elements.</param>
internal sealed record PickledStorage(string Key, StorageKind Kind, long Count)
{
    /// <summary>Gets or sets where the numbers lie; the legacy form tells only after the pickle.</summary>
    public StoredBytes? Bytes { get; set; }

    /// <summary>Gets the size in bytes.</summary>
    public long ByteCount => Count * Kind.ElementSize;
}
