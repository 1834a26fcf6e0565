using System.Buffers.Binary;
using System.Text;

namespace Pyvene.Typed.Tests.Checkpoints;

/// <summary>Makes safetensors files byte by byte, right and wrong ones.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A file with this header and this many zero bytes of data.</summary>
    public static byte[] Of(string header, int dataLength)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        return [.. Length((ulong)bytes.Length), .. bytes, .. new byte[dataLength]];
    }

    /// <summary>The eight bytes that say how long the header is.</summary>
    public static byte[] Length(ulong length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }
}
