using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Reads records of a file and checks their checksums. Thread-safe.</summary>
/// <param name="path">The file's path, for messages.</param>
/// <param name="file">The open file; it stays the caller's.</param>
internal sealed class StoredBytesReader(string path, SafeFileHandle file)
{
    private const int ChunkLength = 1 << 20;

    /// <summary>What all deflated records that are read in parts may take together, as a multiple of the file and a fixed part.</summary>
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
            record.Check(sum, path, what);
            return;
        }

        Verify(record, what);
        SafetensorsHeader.ReadExactly(path, file, destination, record.Start + offset, what);
    }

    /// <summary>Opens a deflated record that is read once, from its start to its end: nothing of it is kept.</summary>
    public DeflatedRecord Open(StoredBytes record, string what) => new(path, file, record, what);

    /// <summary>
    /// Returns the bytes of a deflated record that is read in parts. Each is unpacked once, however many tensors lie in it, and all together are bounded by the
    /// file's length before memory is taken.
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
                    throw new CheckpointException(
                        path, $"{what} declares {record.Length} bytes in {record.StoredLength} that are deflated, and its tensors read parts of it; "
                            + $"all such records of this file may unpack to {most} bytes. PyTorch writes none of them: write the file again with torch.save.");
                }

                unpackedBytes += record.Length;
                unpacked[record] = bytes = new Lazy<byte[]>(() => Unpack(record, what));
            }
        }

        return bytes.Value;
    }

    private byte[] Unpack(StoredBytes record, string what)
    {
        var bytes = new byte[record.Length];
        using var deflated = new DeflatedRecord(path, file, record, what);
        deflated.Read(bytes);
        deflated.End();
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

        record.Check(sum, path, what);
        lock (verified)
        {
            verified.Add(record);
        }
    }
}
