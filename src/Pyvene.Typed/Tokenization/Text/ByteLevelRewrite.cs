using System.Text;

namespace Pyvene.Typed.Tokenization.Text;

/// <summary>Writes text as its UTF-8 bytes in <see cref="ByteAlphabet"/>.</summary>
internal static class ByteLevelRewrite
{
    public static void Apply(AlignedText text) => text.Rewrite(Rewrite, text.Length + (text.Length >> 3) + 8);

    private static void Rewrite(ReadOnlySpan<char> characters, TextRewriter rewriter)
    {
        Span<byte> bytes = stackalloc byte[4];
        for (var index = 0; index < characters.Length;)
        {
            var character = characters[index];
            if (character < 0x80)
            {
                rewriter.Append(ByteAlphabet.Character((byte)character), index, index + 1);
                index++;
                continue;
            }

            Rune.DecodeFromUtf16(characters[index..], out var rune, out var width);
            var count = rune.EncodeToUtf8(bytes);
            foreach (var value in bytes[..count])
            {
                rewriter.Append(ByteAlphabet.Character(value), index, index + width);
            }

            index += width;
        }
    }
}
