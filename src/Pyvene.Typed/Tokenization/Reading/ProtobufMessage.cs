using System.Buffers.Binary;
using System.Text;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Walks over the fields of a protobuf message. It takes no memory: what a length promises must lie inside the message.</summary>
/// <remarks>Source: Protocol Buffers, Encoding.</remarks>
internal ref struct ProtobufMessage
{
    private const int Varint = 0, Wide = 1, Delimited = 2, Narrow = 5;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> bytes;
    private readonly long origin;
    private readonly string file;
    private ReadOnlySpan<byte> payload;
    private ulong number;
    private int position;
    private int start;
    private int kind;

    /// <summary>Begins before the first field.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="file">The file that it stands in, for messages.</param>
    /// <param name="origin">Where in the file it begins.</param>
    public ProtobufMessage(ReadOnlySpan<byte> bytes, string file, long origin = 0)
    {
        this.bytes = bytes;
        (this.file, this.origin) = (file, origin);
    }

    /// <summary>Gets the number of the field.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field; gives whether there is one.</summary>
    /// <exception cref="TokenizerException">The field runs over the end of the message, or is of no known kind.</exception>
    public bool Next()
    {
        if (position == bytes.Length)
        {
            return false;
        }

        start = position;
        var tag = ReadVarint();
        (kind, Field) = ((int)(tag & 7), tag >> 3 is >= 1 and <= int.MaxValue and var field ? (int)field : throw Wrong("a field has no number"));
        switch (kind)
        {
            case Varint:
                number = ReadVarint();
                break;
            case Wide or Narrow:
                payload = Take((ulong)(kind == Wide ? sizeof(ulong) : sizeof(uint)));
                break;
            case Delimited:
                payload = Take(ReadVarint());
                break;
            default:
                throw Wrong($"field {Field} is of the kind {kind}, which is not known");
        }

        return true;
    }

    /// <summary>Gives the field as a message.</summary>
    public readonly ProtobufMessage Message() => new(Payload(Delimited, "a message"), file, origin + position - payload.Length);

    /// <summary>Gives the field as text.</summary>
    /// <param name="longest">How many bytes it may have.</param>
    public readonly string Text(int longest)
    {
        var text = Payload(Delimited, "a text");
        try
        {
            return text.Length <= longest ? Strict.GetString(text) : throw Wrong($"a text has {text.Length} bytes; at most {longest} are read");
        }
        catch (DecoderFallbackException error)
        {
            throw Wrong("a text is not UTF-8", error);
        }
    }

    /// <summary>Gives how many bytes the field has.</summary>
    public readonly int Length() => Payload(Delimited, "bytes").Length;

    /// <summary>Gives the field as a number of single precision.</summary>
    public readonly float Single() => BinaryPrimitives.ReadSingleLittleEndian(Payload(Narrow, "a float"));

    /// <summary>Gives the field as a truth value.</summary>
    public readonly bool Flag() => Whole() != 0;

    /// <summary>Gives the field as a whole number of 32 bits.</summary>
    public readonly int Whole() => kind == Varint ? (int)number : throw Wrong($"field {Field} must be a whole number");

    /// <summary>Makes an error about the field.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="cause">What said so.</param>
    public readonly TokenizerException Wrong(string message, Exception? cause = null) => new(message, file, $"byte {origin + start}", cause);

    private readonly ReadOnlySpan<byte> Payload(int expected, string name) => kind == expected ? payload : throw Wrong($"field {Field} must be {name}");

    private ReadOnlySpan<byte> Take(ulong length)
    {
        var left = bytes.Length - position;
        if (length > (ulong)left)
        {
            throw Wrong($"field {Field} has {length} bytes, but only {left} are left");
        }

        position += (int)length;
        return bytes.Slice(position - (int)length, (int)length);
    }

    private ulong ReadVarint()
    {
        const int longest = 10;
        var value = 0UL;
        for (var index = 0; index < longest && position < bytes.Length; index++)
        {
            var part = bytes[position++];
            value |= (ulong)(part & 0x7F) << (7 * index);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Wrong("a number has no end");
    }
}
