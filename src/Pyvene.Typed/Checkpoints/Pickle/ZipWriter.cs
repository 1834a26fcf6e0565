using System.Buffers.Binary;
using System.Text;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Writes a zip file of stored records as PyTorch does: uncompressed, each starting at a multiple of 64 bytes, with the 64-bit fields where they are
/// needed.</summary>
/// <param name="stream">The stream, at its start; it stays the caller's.</param>
internal sealed class ZipWriter(Stream stream)
{
    private const int Alignment = 64, LocalLength = 30;
    private const ushort PaddingField = 0x4246; // "FB", the field that PyTorch pads with
    private readonly List<(byte[] Name, uint Checksum, long Length, long Position)> records = [];

    /// <summary>Writes a record.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="length">The number of its bytes.</param>
    /// <param name="checksum">Their CRC-32.</param>
    /// <param name="write">Writes exactly that many bytes.</param>
    public void Write(string name, long length, uint checksum, Action<Stream> write)
    {
        var (position, encoded) = (stream.Position, Encoding.UTF8.GetBytes(name));
        var large = length >= uint.MaxValue ? Large(length, length) : [];
        var before = position + LocalLength + encoded.Length + large.Length + 4;
        var padding = (int)((Alignment - before % Alignment) % Alignment);
        byte[] header = [.. Word(0x04034b50), .. Common(checksum, length), .. Half(encoded.Length), .. Half(large.Length + 4 + padding), .. encoded, .. large];
        stream.Write([.. header, .. Half(PaddingField), .. Half(padding), .. Enumerable.Repeat((byte)'Z', padding)]);
        write(stream);
        records.Add((encoded, checksum, length, position));
    }

    /// <summary>Writes the directory, which ends the file.</summary>
    public void WriteDirectory()
    {
        var start = stream.Position;
        foreach (var (name, checksum, length, position) in records)
        {
            var isFar = position >= uint.MaxValue;
            long[] wide = [.. length >= uint.MaxValue ? new[] { length, length } : [], .. isFar ? new[] { position } : []];
            var large = wide.Length > 0 ? Large(wide) : [];
            stream.Write([.. Word(0x02014b50), .. Half(0), .. Common(checksum, length), .. Half(name.Length), .. Half(large.Length)]);
            stream.Write([.. Half(0), .. Half(0), .. Half(0), .. Word(0)]); // no comment, one volume, no attributes
            stream.Write([.. Word(isFar ? uint.MaxValue : (uint)position), .. name, .. large]);
        }

        var (end, size) = (stream.Position, stream.Position - start);
        var isLarge = start >= uint.MaxValue || size >= uint.MaxValue || records.Count >= ushort.MaxValue;
        if (isLarge)
        {
            stream.Write([.. Word(0x06064b50), .. Long(44), .. Half(45), .. Half(45), .. Word(0), .. Word(0)]);
            stream.Write([.. Long(records.Count), .. Long(records.Count), .. Long(size), .. Long(start)]);
            stream.Write([.. Word(0x07064b50), .. Word(0), .. Long(end), .. Word(1)]);
        }

        var count = Half(isLarge ? ushort.MaxValue : records.Count);
        stream.Write([.. Word(0x06054b50), .. Half(0), .. Half(0), .. count, .. count]);
        stream.Write([.. Word(isLarge ? uint.MaxValue : (uint)size), .. Word(isLarge ? uint.MaxValue : (uint)start), .. Half(0)]);
    }

    /// <summary>What both headers of a record share: version, flag for UTF-8, stored, no time, checksum and sizes.</summary>
    private static byte[] Common(uint checksum, long length)
    {
        var size = length >= uint.MaxValue ? uint.MaxValue : (uint)length;
        return [.. Half(45), .. Half(0x0800), .. Half(0), .. Half(0), .. Half(0x21), .. Word(checksum), .. Word(size), .. Word(size)];
    }

    private static byte[] Large(params long[] values) => [.. Half(1), .. Half(8 * values.Length), .. values.SelectMany(Long)];

    private static byte[] Half(int value) => Word((uint)value)[..2];

    private static byte[] Word(uint value) => Long(value)[..4];

    private static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
