namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Says where the bytes of a record lie in a file.</summary>
/// <param name="Start">The position of the first byte.</param>
/// <param name="StoredLength">The number of bytes in the file.</param>
/// <param name="Length">The number of bytes of the record itself; another number than <paramref name="StoredLength"/> only when it is compressed.</param>
/// <param name="IsCompressed">Whether the bytes are deflated.</param>
/// <param name="Checksum">The CRC-32 of the record, where the format has one.</param>
internal sealed record StoredBytes(long Start, long StoredLength, long Length, bool IsCompressed, uint? Checksum);
