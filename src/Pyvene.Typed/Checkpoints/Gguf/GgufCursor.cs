using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Reads the header of a GGUF file from its beginning on, a buffer at a time; nothing is taken that the rest of the file cannot hold.</summary>
internal sealed class GgufCursor(string path, SafeFileHandle file)
{
    private const int BufferBytes = 1 << 16;
    private const int LongestText = 64 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly long length = RandomAccess.GetLength(file);
    private int next; // in the buffer
    private int filled;
    private long filledTo; // in the file

    /// <summary>Gets the position of the next byte in the file.</summary>
    public long Position => filledTo - (filled - next);

    /// <summary>Gets the number of bytes from here to the end of the file.</summary>
    public long Remaining => length - Position;

    /// <summary>Reads an unsigned number of 4 bytes.</summary>
    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4, what));

    /// <summary>Reads an unsigned number of 8 bytes.</summary>
    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8, what));

    /// <summary>Reads a few bytes; they are valid until the next call.</summary>
    /// <param name="count">How many; no more than the buffer holds.</param>
    /// <param name="what">What is read, for the message.</param>
    public ReadOnlySpan<byte> Bytes(int count, string what)
    {
        if (filled - next < count)
        {
            Refill(count, what);
        }

        next += count;
        return buffer.AsSpan(next - count, count);
    }

    /// <summary>Reads how many elements follow, each of at least some bytes.</summary>
    /// <exception cref="CheckpointException">The rest of the file cannot hold them.</exception>
    public long Count(int elementBytes, string what)
    {
        var at = Position;
        var count = UInt64(what);
        return count <= (ulong)(Remaining / elementBytes) && count <= (ulong)Array.MaxLength
            ? (long)count
            : throw Refused(at, $"{what} is {count}, but the {Remaining} bytes that are left cannot hold so many");
    }

    /// <summary>Reads a text: its length in bytes, then UTF-8.</summary>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="longest">How many bytes it may have.</param>
    public string Text(string what, int longest = LongestText)
    {
        var at = Position;
        var count = Count(1, $"the length of {what}");
        if (count > longest)
        {
            throw Refused(at, $"{what} has {count} bytes; at most {longest} are read");
        }

        try
        {
            if (count <= BufferBytes)
            {
                return Strict.GetString(Bytes((int)count, what));
            }

            var bytes = new byte[(int)count];
            Fill(bytes, what);
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw Refused(at, $"{what} is no UTF-8", error);
        }
    }

    /// <summary>Fills a span that may be longer than the buffer.</summary>
    public void Fill(Span<byte> destination, string what)
    {
        while (destination.Length > 0)
        {
            var part = Math.Min(destination.Length, BufferBytes);
            Bytes(part, what).CopyTo(destination);
            destination = destination[part..];
        }
    }

    /// <summary>Makes the refusal of what stands at a byte of the file.</summary>
    public CheckpointException Refused(long position, string message, Exception? cause = null) =>
        new(path, $"At byte {position}: {message}. The file is truncated, malformed or no GGUF file.", cause);

    private void Refill(int count, string what)
    {
        if (Remaining < count)
        {
            throw Refused(Position, $"the file ends while {what} is read; {count - Remaining} bytes are missing");
        }

        buffer.AsSpan(next, filled - next).CopyTo(buffer);
        (filled, next) = (filled - next, 0);
        while (filled < count)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(filled), filledTo);
            if (read == 0)
            {
                throw Refused(filledTo, $"the file was cut while {what} was read");
            }

            (filled, filledTo) = (filled + read, filledTo + read);
        }
    }
}
