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
    private readonly HashSet<StoredBytes> verified = [];

    /// <summary>Fills a span from a position inside a record. The first time, the whole record is read to check its sum.</summary>
    /// <exception cref="CheckpointException">The file ends early, or the bytes are not those that were written.</exception>
    public void Read(StoredBytes record, long offset, Span<byte> destination, string what)
    {
        using var whole = record.IsCompressed ? Inflate(record) : null;
        if (whole is not null)
        {
            ReadCompressed(whole, record, offset, destination, what);
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

    private void ReadCompressed(Stream whole, StoredBytes record, long offset, Span<byte> destination, string what)
    {
        var (buffer, sum, position) = (new byte[ChunkLength], new Crc32(), 0L);
        try
        {
            for (int read; (read = whole.Read(buffer)) > 0; position += read)
            {
                if (read > record.Length - position)
                {
                    throw new CheckpointException(path, $"{what} unpacks to more than the {record.Length} bytes that it declares. The file is hostile or "
                        + $"damaged.");
                }

                sum.Append(buffer.AsSpan(0, read));
                var (from, to) = (Math.Max(position, offset), Math.Min(position + read, offset + destination.Length));
                if (from < to)
                {
                    buffer.AsSpan((int)(from - position), (int)(to - from)).CopyTo(destination[(int)(from - offset)..]);
                }
            }
        }
        catch (InvalidDataException error)
        {
            throw new CheckpointException(path, $"{what} cannot be unpacked. The file is damaged.", error);
        }

        if (position != record.Length)
        {
            throw new CheckpointException(path, $"{what} unpacks to {position} bytes, but declares {record.Length}. The file is damaged.");
        }

        Check(record, sum, what);
    }

    private DeflateStream Inflate(StoredBytes record) => new(new RecordStream(file, record.Start, record.StoredLength), CompressionMode.Decompress);

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
                + $"again.");
        }
    }
}
