using System.Buffers.Binary;
using System.IO.Compression;

namespace Pyvene.Typed.Lab;

/// <summary>Writes images of 8-bit greys (PNG, W3C 2003).</summary>
internal static class Png
{
    private const int ChunkFrame = 12; // length, name and checksum

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Returns the file of values, [row, column]: 0 = black.</summary>
    public static byte[] Of(byte[,] values)
    {
        var (height, width) = (values.GetLength(0), values.GetLength(1));
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // bits a value; the zeros behind it: grey, deflated, filtered by row, not interlaced
        return [.. Signature, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, Deflated(values, height, width)), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Deflated(byte[,] values, int height, int width)
    {
        using var to = new MemoryStream();
        using (var deflate = new ZLibStream(to, CompressionLevel.Optimal, leaveOpen: true))
        {
            var line = new byte[width + 1]; // the first byte says: not filtered
            for (var row = 0; row < height; row++)
            {
                Buffer.BlockCopy(values, row * width, line, 1, width);
                deflate.Write(line);
            }
        }

        return to.ToArray();
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] data)
    {
        var chunk = new byte[data.Length + ChunkFrame];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        name.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Checksum(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        const uint Polynomial = 0xEDB88320;
        var sum = uint.MaxValue;
        foreach (var part in data)
        {
            sum ^= part;
            for (var bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) == 0 ? 0 : Polynomial);
        }

        return ~sum;
    }
}
