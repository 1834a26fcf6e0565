using System.Buffers.Binary;
using System.Text;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Pickle;

/// <summary>Reads the opcodes and operands of pickles from a stream of known length; a size that a pickle declares is checked against what is left before
/// memory is taken.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="stream">The stream; it stays the caller's.</param>
/// <param name="length">The number of bytes from the stream's current position to its end.</param>
internal sealed class PickleInput(string path, Stream stream, long length)
{
    private const int LongestLine = 4096;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Gets the number of bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Returns an error that names the file and the place.</summary>
    public CheckpointException Error(string problem) =>
        new(path, $"The pickle is refused at byte {Position}: {problem} Nothing of it was executed. Get the file from its author again, "
            + "or ask for safetensors.");

    public byte Byte()
    {
        var value = stream.ReadByte();
        if (value < 0)
        {
            throw Error("it ends in the middle.");
        }

        Position++;
        return (byte)value;
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Fixed(stackalloc byte[2]));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Fixed(stackalloc byte[4]));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Fixed(stackalloc byte[4]));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Fixed(stackalloc byte[8]));

    /// <summary>Reads a float64, which pickles store with the highest byte first.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Fixed(stackalloc byte[8]));

    /// <summary>Reads a declared number of bytes.</summary>
    public byte[] Bytes(ulong count)
    {
        if (count > (ulong)(length - Position))
        {
            throw Error($"it declares a value of {count} bytes, but {length - Position} are left.");
        }

        var bytes = new byte[checked((int)count)];
        Fixed(bytes);
        return bytes;
    }

    /// <summary>Reads a declared number of bytes as UTF-8.</summary>
    public string Text(ulong count)
    {
        try
        {
            return Strict.GetString(Bytes(count));
        }
        catch (DecoderFallbackException)
        {
            throw Error("a text is not valid UTF-8.");
        }
    }

    /// <summary>Reads up to a line feed, which is left out.</summary>
    public string Line()
    {
        var bytes = new List<byte>();
        for (var next = Byte(); next != '\n'; next = Byte())
        {
            if (bytes.Count == LongestLine)
            {
                throw Error($"a line is longer than {LongestLine} bytes.");
            }

            bytes.Add(next);
        }

        return Encoding.Latin1.GetString([.. bytes]);
    }

    private Span<byte> Fixed(Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Error("it ends in the middle.");
        }

        Position += bytes.Length;
        return bytes;
    }
}
