using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static Pyvene.Typed.Checkpoints.Gguf.QuantizedValues;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Reads blocks of 32 numbers, as ggml-quants.c and gguf-py's quants.py do.</summary>
internal static class SmallBlocks
{
    private const int Size = 32;

    /// <summary>Gets the 16 levels of the types that have no even steps.</summary>
    public static ReadOnlySpan<sbyte> Levels => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    // Twice the values of a 4-bit float (E2M1); the scale is halved in turn.
    private static ReadOnlySpan<sbyte> TinyFloats => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    public static void Q4_0(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        Nibbles(block[2..], codes);
        Add(codes, -8);
        Scale(codes, Half(block, 0), numbers);
    }

    public static void Q4_1(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        Nibbles(block[4..], codes);
        Scale(codes, Half(block, 0), Half(block, 2), numbers);
    }

    public static void Q5_0(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        Nibbles(block[6..], codes);
        FifthBits(BinaryPrimitives.ReadUInt32LittleEndian(block[2..]), codes);
        Add(codes, -16);
        Scale(codes, Half(block, 0), numbers);
    }

    public static void Q5_1(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        Nibbles(block[8..], codes);
        FifthBits(BinaryPrimitives.ReadUInt32LittleEndian(block[4..]), codes);
        Scale(codes, Half(block, 0), Half(block, 2), numbers);
    }

    public static void Q8_0(ReadOnlySpan<byte> block, Span<float> numbers) => Scale(MemoryMarshal.Cast<byte, sbyte>(block[2..]), Half(block, 0), numbers);

    // The second float16 is a sum that products use.
    public static void Q8_1(ReadOnlySpan<byte> block, Span<float> numbers) => Scale(MemoryMarshal.Cast<byte, sbyte>(block[4..]), Half(block, 0), numbers);

    public static void IQ4_NL(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        Nibbles(block[2..], codes);
        LookUp(codes, Levels);
        Scale(codes, Half(block, 0), numbers);
    }

    public static void MXFP4(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        Nibbles(block[1..], codes);
        LookUp(codes, TinyFloats);
        int exponent = block[0]; // of half the scale; 0 and 1 are below the smallest normal float32
        Scale(codes, BitConverter.Int32BitsToSingle(exponent < 2 ? 0x00200000 << exponent : (exponent - 1) << 23), numbers);
    }

    /// <summary>Replaces codes by what a table has for them.</summary>
    public static void LookUp(Span<sbyte> codes, ReadOnlySpan<sbyte> table)
    {
        foreach (ref var code in codes)
        {
            code = table[code];
        }
    }

    private static void Add(Span<sbyte> codes, sbyte addend)
    {
        foreach (ref var code in codes)
        {
            code += addend;
        }
    }

    private static void FifthBits(uint bits, Span<sbyte> codes)
    {
        for (var index = 0; index < codes.Length; index++)
        {
            codes[index] |= (sbyte)(((bits >> index) & 1) << 4);
        }
    }
}
