using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>The steps that all quantised types are made of: codes are taken out of bits, then scaled in float32, product and sum each rounded.</summary>
internal static class QuantizedValues
{
    private const int Width = 16; // codes at once

    /// <summary>Reads a float16 of a block.</summary>
    public static float Half(ReadOnlySpan<byte> block, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[at..]);

    /// <summary>Takes the low halves of bytes, then the high halves.</summary>
    /// <param name="bytes">The bytes, a multiple of 16.</param>
    /// <param name="codes">Twice as many codes, 0 to 15.</param>
    public static void Nibbles(ReadOnlySpan<byte> bytes, Span<sbyte> codes)
    {
        for (var index = 0; index < bytes.Length; index += Width)
        {
            var both = Vector128.Create(bytes.Slice(index, Width));
            (both & Vector128.Create((byte)0xF)).AsSByte().CopyTo(codes[index..]);
            (both >>> 4).AsSByte().CopyTo(codes[(bytes.Length + index)..]);
        }
    }

    /// <summary>Writes code × scale.</summary>
    public static void Scale(ReadOnlySpan<sbyte> codes, float scale, Span<float> numbers)
    {
        for (var index = 0; index < codes.Length; index += Width)
        {
            var (first, second) = Vector256.Widen(Vector256.WidenLower(Vector128.Create(codes.Slice(index, Width)).ToVector256Unsafe()));
            (Vector256.ConvertToSingle(first) * scale).CopyTo(numbers[index..]);
            (Vector256.ConvertToSingle(second) * scale).CopyTo(numbers[(index + (Width / 2))..]);
        }
    }

    /// <summary>Writes code × scale + offset.</summary>
    public static void Scale(ReadOnlySpan<sbyte> codes, float scale, float offset, Span<float> numbers)
    {
        var offsets = Vector256.Create(offset);
        for (var index = 0; index < codes.Length; index += Width)
        {
            var (first, second) = Vector256.Widen(Vector256.WidenLower(Vector128.Create(codes.Slice(index, Width)).ToVector256Unsafe()));
            ((Vector256.ConvertToSingle(first) * scale) + offsets).CopyTo(numbers[index..]);
            ((Vector256.ConvertToSingle(second) * scale) + offsets).CopyTo(numbers[(index + (Width / 2))..]);
        }
    }
}
