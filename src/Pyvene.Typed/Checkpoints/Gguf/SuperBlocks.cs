using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static Pyvene.Typed.Checkpoints.Gguf.QuantizedValues;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>Reads blocks of 256 numbers in groups of 16 or 32 with their own scales, as ggml-quants.c and gguf-py's quants.py do.</summary>
internal static class SuperBlocks
{
    private const int Size = 256;
    private const int Half256 = Size / 2;

    public static void Q2_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        Pairs(block.Slice(16, 64), codes);
        var (scale, least) = (Half(block, 80), Half(block, 82));
        for (var group = 0; group < 16; group++)
        {
            Scale(codes.Slice(group * 16, 16), scale * (block[group] & 0xF), -(least * (block[group] >> 4)), numbers[(group * 16)..]);
        }
    }

    public static void Q3_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        Pairs(block.Slice(32, 64), codes);
        for (var index = 0; index < Size; index++)
        {
            codes[index] -= (sbyte)(((block[index % 32] >> (index / 32)) & 1) == 1 ? 0 : 4);
        }

        var scales = block.Slice(96, 12);
        var scale = Half(block, 108);
        for (var group = 0; group < 16; group++)
        {
            var low = scales[group % 8] >> (group / 8 * 4) & 0xF;
            var high = scales[8 + (group % 4)] >> (group / 4 * 2) & 3;
            Scale(codes.Slice(group * 16, 16), scale * ((low | (high << 4)) - 32), numbers[(group * 16)..]);
        }
    }

    public static void Q4_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        FourBits(block.Slice(16, 128), codes);
        WithLeast(block, codes, numbers);
    }

    public static void Q5_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        FourBits(block.Slice(48, 128), codes);
        for (var index = 0; index < Size; index++)
        {
            codes[index] |= (sbyte)(((block[16 + (index % 32)] >> (index / 32)) & 1) << 4);
        }

        WithLeast(block, codes, numbers);
    }

    public static void Q6_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[Size];
        Span<sbyte> high = stackalloc sbyte[Size];
        Nibbles(block[..64], codes[..Half256]);
        Nibbles(block.Slice(64, 64), codes[Half256..]);
        Pairs(block.Slice(128, 64), high);
        for (var index = 0; index < Size; index++)
        {
            codes[index] = (sbyte)(codes[index] + (high[index] << 4) - 32);
        }

        var scale = Half(block, 208);
        for (var group = 0; group < 16; group++)
        {
            Scale(codes.Slice(group * 16, 16), scale * (sbyte)block[192 + group], numbers[(group * 16)..]);
        }
    }

    public static void Q8_K(ReadOnlySpan<byte> block, Span<float> numbers) =>
        Scale(MemoryMarshal.Cast<byte, sbyte>(block.Slice(4, Size)), BinaryPrimitives.ReadSingleLittleEndian(block), numbers);

    public static void IQ4_XS(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        Span<sbyte> codes = stackalloc sbyte[32];
        var (scale, highBits) = (Half(block, 0), BinaryPrimitives.ReadUInt16LittleEndian(block[2..]));
        for (var group = 0; group < 8; group++)
        {
            Nibbles(block.Slice(8 + (group * 16), 16), codes);
            SmallBlocks.LookUp(codes, SmallBlocks.Levels);
            var low = block[4 + (group / 2)] >> (group % 2 * 4) & 0xF;
            var high = highBits >> (2 * group) & 3;
            Scale(codes, scale * ((low | (high << 4)) - 32), numbers[(group * 32)..]);
        }
    }

    /// <summary>Takes codes of two bits: 32 bytes give the lowest bits of all, then the next.</summary>
    private static void Pairs(ReadOnlySpan<byte> bytes, Span<sbyte> codes)
    {
        for (var index = 0; index < Size; index++)
        {
            codes[index] = (sbyte)(bytes[(index / Half256 * 32) + (index % 32)] >> (index % Half256 / 32 * 2) & 3);
        }
    }

    private static void FourBits(ReadOnlySpan<byte> bytes, Span<sbyte> codes)
    {
        for (var group = 0; group < 4; group++)
        {
            Nibbles(bytes.Slice(group * 32, 32), codes.Slice(group * 64, 64));
        }
    }

    /// <summary>Scales 8 groups of 32, each with a scale and a least value of six bits: at 4 stand twelve bytes of them.</summary>
    private static void WithLeast(ReadOnlySpan<byte> block, ReadOnlySpan<sbyte> codes, Span<float> numbers)
    {
        var (scale, least) = (Half(block, 0), Half(block, 2));
        var packed = block.Slice(4, 12);
        for (var group = 0; group < 8; group++)
        {
            var (first, at) = (group < 4, group % 4);
            var factor = first ? packed[at] & 0x3F : (packed[8 + at] & 0xF) | (packed[at] >> 2 & 0x30);
            var offset = first ? packed[4 + at] & 0x3F : (packed[8 + at] >> 4) | (packed[4 + at] >> 2 & 0x30);
            Scale(codes.Slice(group * 32, 32), scale * factor, -(least * offset), numbers[(group * 32)..]);
        }
    }
}
