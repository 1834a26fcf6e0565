using System.Buffers.Binary;
using Pyvene.Typed.Checkpoints.Gguf;

namespace Pyvene.Typed.Tests.Checkpoints.Gguf;

/// <summary>Compares the vectorised readers of blocks with the plain formulas of ggml-quants.c, number by number.</summary>
public sealed class QuantisedTypeTests
{
    public static TheoryData<string> Types =>
        ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ4_NL", "IQ4_XS", "MXFP4"];

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryNumberOfABlockIsWhatThePlainFormulaSays(string name)
    {
        var type = Enumerable.Range(0, 64).Select(number => GgufTypes.Find((uint)number)).First(type => type?.Name == name)!;
        var random = new Random(7);
        var (block, numbers) = (new byte[type.BlockBytes], new float[type.BlockSize]);
        for (var round = 0; round < 200; round++)
        {
            random.NextBytes(block);
            type.Read!(block, numbers);
            for (var index = 0; index < numbers.Length; index++)
            {
                var want = Plain(name, block, index);
                Assert.True(want.Equals(numbers[index]), $"{name}[{index}] is {numbers[index]}, expected {want}");
            }
        }
    }

    private static float Plain(string name, byte[] b, int i)
    {
        float H(int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(b.AsSpan(at));
        int Low(int at, int size) => i < size / 2 ? b[at + i] & 15 : b[at + i - (size / 2)] >> 4;
        int Bit(int at) => b[at + (i / 8)] >> (i % 8) & 1;
        sbyte Level(int code) => new sbyte[] { -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113 }[code];
        int Two(int at) => b[at + (i / 128 * 32) + (i % 32)] >> (i / 32 % 4 * 2) & 3;
        int Four(int at) => b[at + (i / 64 * 32) + (i % 32)] >> (i / 32 % 2 * 4) & 15;
        (int Scale, int Least) Six()
        {
            var g = i / 32;
            return g < 4
                ? (b[4 + g] & 63, b[8 + g] & 63)
                : ((b[8 + g] & 15) | (b[g] >> 6 << 4), (b[8 + g] >> 4) | (b[4 + g] >> 6 << 4));
        }

        switch (name)
        {
            case "Q4_0": return H(0) * (Low(2, 32) - 8);
            case "Q4_1": { var product = H(0) * Low(4, 32); return product + H(2); }
            case "Q5_0": return H(0) * ((Low(6, 32) | (Bit(2) << 4)) - 16);
            case "Q5_1": { var product = H(0) * (Low(8, 32) | (Bit(4) << 4)); return product + H(2); }
            case "Q8_0": return H(0) * (sbyte)b[2 + i];
            case "Q8_1": return H(0) * (sbyte)b[4 + i];
            case "Q8_K": return BinaryPrimitives.ReadSingleLittleEndian(b) * (sbyte)b[4 + i];
            case "IQ4_NL": return H(0) * Level(Low(2, 32));
            case "Q2_K": { var (d, m) = (H(80) * (b[i / 16] & 15), H(82) * (b[i / 16] >> 4)); var product = d * Two(16); return product - m; }
            case "Q3_K":
            {
                var g = i / 16;
                var scale = (g < 8 ? b[96 + g] & 15 : b[96 + g - 8] >> 4) | ((b[104 + (g % 4)] >> (g / 4 * 2) & 3) << 4);
                var d = H(108) * (scale - 32);
                return d * (Two(32) - ((b[i % 32] >> (i / 32) & 1) == 1 ? 0 : 4));
            }

            case "Q4_K" or "Q5_K":
            {
                var (scale, least) = Six();
                var code = name == "Q4_K" ? Four(16) : Four(48) | ((b[16 + (i % 32)] >> (i / 32) & 1) << 4);
                var (d, m) = (H(0) * scale, H(2) * least);
                var product = d * code;
                return product - m;
            }

            case "Q6_K":
            {
                var low = b[(i / 128 * 64) + (i % 64)] >> (i / 64 % 2 * 4) & 15;
                var d = H(208) * (sbyte)b[192 + (i / 16)];
                return d * ((low | (Two(128) << 4)) - 32);
            }

            case "IQ4_XS":
            {
                var g = i / 32;
                var scale = (b[4 + (g / 2)] >> (g % 2 * 4) & 15) | ((BinaryPrimitives.ReadUInt16LittleEndian(b.AsSpan(2)) >> (2 * g) & 3) << 4);
                var d = H(0) * (scale - 32);
                return d * Level(i % 32 < 16 ? b[8 + (g * 16) + (i % 16)] & 15 : b[8 + (g * 16) + (i % 16)] >> 4);
            }

            case "MXFP4":
                return (float)Math.ScaleB(1, b[0] - 128) * new[] { 0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12 }[Low(1, 32)];
            default: throw new ArgumentException(name);
        }
    }
}
