using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Reads records of a file and checks their checksums. Thread-safe.</summary>
/// <param name="path">The file's path, for messages.</param>
/// <param name="file">The open file; it stays the caller's.</param>
internal sealed class StoredBytesReader(string path, SafeFileHandle file)
{
    private const int ChunkLength = 1 << 20;

    /// <summary>What all deflated records together may unpack to, as a multiple of the file and a fixed part.</summary>
    private const long UnpackedFactor = 4, UnpackedAllowance = 16 << 20;

    private readonly HashSet<StoredBytes> verified = [];
    private readonly Dictionary<StoredBytes, Lazy<byte[]>> unpacked = [];
    private long unpackedBytes;

    /// <summary>Fills a span from a position inside a record. The first time, the whole record is read to check its sum.</summary>
    /// <exception cref="CheckpointException">The file ends early, or the bytes are not those that were written.</exception>
    public void Read(StoredBytes record, long offset, Span<byte> destination, string what)
    {
        if (record.IsCompressed)
        {
            Unpacked(record, what).AsSpan((int)offset, destination.Length).CopyTo(destination);
            return;
        }

        if (offset == 0 && destination.Length == record.Length)
        {
            SafetensorsHeader.ReadExactly(path, file, destination, record.Start, what);
            var sum = new Crc32();
            sum.Append(destination);
            Check(record, sum, what);
            return;
        }

        Verify(record, what);
        SafetensorsHeader.ReadExactly(path, file, destination, record.Start + offset, what);
    }

    /// <summary>
    /// Returns the bytes of a deflated record. Each is unpacked once, however many tensors lie in it, and all together are bounded by the file's length before
    /// memory is taken.
    /// </summary>
    private byte[] Unpacked(StoredBytes record, string what)
    {
        Lazy<byte[]>? bytes;
        lock (unpacked)
        {
            if (!unpacked.TryGetValue(record, out bytes))
            {
                var most = UnpackedAllowance + UnpackedFactor * RandomAccess.GetLength(file);
                if (record.Length > Math.Min(most, Array.MaxLength) - unpackedBytes)
                {
                    throw new CheckpointException(path, $"{what} declares {record.Length} bytes in {record.StoredLength} that are deflated; all such records "
                        + $"of this file may unpack to {most} bytes. "
                        + "PyTorch writes none of them: write the file again with torch.save.");
                }

                unpackedBytes += record.Length;
                unpacked[record] = bytes = new Lazy<byte[]>(() => Unpack(record, what));
            }
        }

        return bytes.Value;
    }

    private byte[] Unpack(StoredBytes record, string what)
    {
        using var stream = new DeflateStream(new RecordStream(file, record.Start, record.StoredLength), CompressionMode.Decompress);
        var (bytes, count) = (new byte[record.Length], 0);
        try
        {
            count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count == bytes.Length && stream.ReadByte() >= 0)
            {
                throw new CheckpointException(path, $"{what} unpacks to more than the {record.Length} bytes that it declares. The file is hostile or damaged.");
            }
        }
        catch (InvalidDataException error)
        {
            throw new CheckpointException(path, $"{what} cannot be unpacked. The file is damaged.", error);
        }

        if (count != bytes.Length)
        {
            throw new CheckpointException(path, $"{what} unpacks to {count} bytes, but declares {record.Length}. The file is damaged.");
        }

        var sum = new Crc32();
        sum.Append(bytes);
        Check(record, sum, what);
        return bytes;
    }

    private void Verify(StoredBytes record, string what)
    {
        lock (verified)
        {
            if (record.Checksum is null || verified.Contains(record))
            {
                return;
            }
        }

        var (buffer, sum) = (new byte[Math.Min(ChunkLength, record.Length)], new Crc32());
        for (var position = 0L; position < record.Length; position += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, record.Length - position));
            SafetensorsHeader.ReadExactly(path, file, part, record.Start + position, what);
            sum.Append(part);
        }

        Check(record, sum, what);
        lock (verified)
        {
            verified.Add(record);
        }
    }

    private void Check(StoredBytes record, Crc32 sum, string what)
    {
        if (record.Checksum is { } expected && sum.Value != expected)
        {
            throw new CheckpointException(path, $"{what} has the checksum {sum.Value:x8}, but {expected:x8} was written. The file is damaged; download it "
                + "again.");
        }
    }
}
