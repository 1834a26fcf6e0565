using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Says where the bytes of a record lie in a file.</summary>
/// <param name="Start">The position of the first byte.</param>
/// <param name="StoredLength">The number of bytes in the file.</param>
/// <param name="Length">The number of bytes of the record itself; another number than <paramref name="StoredLength"/> only when it is compressed.</param>
/// <param name="IsCompressed">Whether the bytes are deflated.</param>
/// <param name="Checksum">The CRC-32 of the record, where the format has one.</param>
internal sealed record StoredBytes(long Start, long StoredLength, long Length, bool IsCompressed, uint? Checksum)
{
    /// <summary>Checks the sum of all bytes of the record.</summary>
    /// <exception cref="CheckpointException">It is not the one that was written.</exception>
    public void Check(Crc32 sum, string path, string what)
    {
        if (Checksum is { } expected && sum.Value != expected)
        {
            throw new CheckpointException(path, $"{what} has the checksum {sum.Value:x8}, but {expected:x8} was written. The file is damaged; download it "
                + "again.");
        }
    }
}
