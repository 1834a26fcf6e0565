using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Unpacks one deflated record from its start to its end, straight to where its bytes are needed.</summary>
/// <param name="path">The file's path, for messages.</param>
/// <param name="file">The open file; it stays the caller's.</param>
/// <param name="record">The record.</param>
/// <param name="what">What it is, for messages.</param>
internal sealed class DeflatedRecord(string path, SafeFileHandle file, StoredBytes record, string what) : IDisposable
{
    private readonly DeflateStream stream = new(new RecordStream(file, record.Start, record.StoredLength), CompressionMode.Decompress);
    private Crc32 sum;
    private long position;

    /// <summary>Fills a span with the bytes that come next.</summary>
    /// <exception cref="CheckpointException">The record is damaged or shorter than it declares.</exception>
    public void Read(Span<byte> destination)
    {
        var count = Unpack(destination);
        position += count;
        if (count < destination.Length)
        {
            throw new CheckpointException(path, $"{what} unpacks to {position} bytes, but declares {record.Length}. The file is damaged.");
        }

        sum.Append(destination);
    }

    /// <summary>Checks that nothing follows, and that the bytes are those that were written.</summary>
    /// <exception cref="CheckpointException">The record is longer than it declares, or its checksum is another.</exception>
    public void End()
    {
        if (Unpack(stackalloc byte[1]) > 0)
        {
            throw new CheckpointException(path, $"{what} unpacks to more than the {record.Length} bytes that it declares. The file is hostile or damaged.");
        }

        record.Check(sum, path, what);
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private int Unpack(Span<byte> destination)
    {
        try
        {
            return stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException error)
        {
            throw new CheckpointException(path, $"{what} cannot be unpacked. The file is damaged.", error);
        }
    }
}
