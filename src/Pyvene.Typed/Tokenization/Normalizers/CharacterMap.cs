using System.Buffers.Binary;
using System.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>
/// SentencePiece's compiled table of replacements: a double-array trie of UTF-8, and behind it the new texts, each ended by a zero byte.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] units;
    private readonly byte[] texts;
    private readonly Dictionary<int, string> known = [];

    /// <param name="data">The number of bytes of the trie in four bytes, the trie, the texts.</param>
    /// <exception cref="FormatException">The table is cut short or its texts are no UTF-8.</exception>
    public CharacterMap(ReadOnlySpan<byte> data)
    {
        var size = data.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(data) : 0;
        if (size == 0 || size % 4 != 0 || size > data.Length - 4)
        {
            throw new FormatException(
                $"the table has {data.Length} bytes, and its trie is to have {size} of them behind the first four; a multiple of four that fits is expected");
        }

        units = new uint[size / 4];
        for (var index = 0; index < units.Length; index++)
        {
            units[index] = BinaryPrimitives.ReadUInt32LittleEndian(data[(4 + index * 4)..]);
        }

        texts = data[(4 + (int)size)..].ToArray();
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(texts);
        }
        catch (DecoderFallbackException error)
        {
            throw new FormatException("the new texts of the table are no UTF-8", error);
        }

        CheckValues();
    }

    /// <summary>Gives the new text of the shortest beginning of <paramref name="text"/> that has one; null where none has.</summary>
    public string? Find(ReadOnlySpan<byte> text)
    {
        var node = Offset(units[0]);
        foreach (var value in text)
        {
            node ^= value;
            if (value == 0 || (uint)node >= (uint)units.Length || (units[node] & 0x8000_00FF) != value)
            {
                return null;
            }

            var hasLeaf = (units[node] >> 8 & 1) == 1;
            node ^= Offset(units[node]);
            if (hasLeaf)
            {
                return (uint)node < (uint)units.Length ? known.GetValueOrDefault((int)(units[node] & 0x7FFF_FFFF)) : null;
            }
        }

        return null;
    }

    private static int Offset(uint unit) => (int)(unit >> 10 << (int)((unit & 1 << 9) >> 6));

    // Every unit that may be a leaf, so that no lookup can leave the table or cut a character in two.
    private void CheckValues()
    {
        for (var index = 0; index < units.Length; index++)
        {
            var leaf = index ^ Offset(units[index]);
            if ((units[index] >> 31) != 0 || (units[index] >> 8 & 1) == 0)
            {
                continue;
            }

            var start = (uint)leaf < (uint)units.Length ? units[leaf] & 0x7FFF_FFFF : uint.MaxValue;
            if (start >= texts.Length)
            {
                throw new FormatException($"unit {index} of the table's trie leads beyond the table");
            }

            if (!known.ContainsKey((int)start))
            {
                known.Add((int)start, Text((int)start));
            }
        }
    }

    private string Text(int start)
    {
        var length = texts.AsSpan(start).IndexOf((byte)0);
        return Encoding.UTF8.GetString(texts.AsSpan(start, length < 0 ? texts.Length - start : length));
    }
}
