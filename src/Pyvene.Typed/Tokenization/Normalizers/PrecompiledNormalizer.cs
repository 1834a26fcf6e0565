using System.Buffers;
using System.Globalization;
using System.Text;
using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Replaces what SentencePiece's compiled table names: short clusters of characters as a whole, all others character by character.</summary>
internal sealed class PrecompiledNormalizer : Normalizer
{
    // In UTF-8; what is longer goes character by character, as in the reference.
    private const int LongestCluster = 5;
    private readonly CharacterMap map;
    private readonly SearchValues<char> unchanged;

    public PrecompiledNormalizer(CharacterMap map)
    {
        this.map = map;
        var ascii = Enumerable.Range(0, 0x80).Select(value => (char)value);
        unchanged = SearchValues.Create([.. ascii.Where(character => character != '\r' && map.Find([(byte)character]) is null)]);
    }

    public override void Apply(AlignedText text)
    {
        if (text.Pieces.Exists(piece => text.Characters(piece).IndexOfAnyExcept(unchanged) >= 0))
        {
            text.Rewrite(Rewrite, text.Length + 16);
        }
    }

    private void Rewrite(ReadOnlySpan<char> characters, TextRewriter rewriter)
    {
        var steps = new List<Step>(characters.Length);
        Span<byte> bytes = stackalloc byte[LongestCluster];
        for (var index = 0; index < characters.Length;)
        {
            var cluster = characters.Slice(index, ClusterLength(characters, index));
            index += cluster.Length;
            if (Encoding.UTF8.TryGetBytes(cluster, bytes, out var length) && map.Find(bytes[..length]) is { } whole)
            {
                Replace(steps, CodePoints.Count(cluster), whole);
                continue;
            }

            for (var part = 0; part < cluster.Length;)
            {
                var codePoint = CodePoints.Read(cluster, part, out var width);
                length = Encoding.UTF8.GetBytes(cluster.Slice(part, width), bytes);
                part += width;
                if (cluster.Length > width && map.Find(bytes[..length]) is { } single)
                {
                    Replace(steps, 1, single);
                }
                else
                {
                    steps.Add(new Step(codePoint, 0));
                }
            }
        }

        Write(steps, characters, rewriter);
    }

    // Before a character below U+0300 nothing joins but a line feed to its carriage return, and most texts are such.
    private static int ClusterLength(ReadOnlySpan<char> characters, int index) =>
        characters[index] is not '\r' and < '\u0300' && (index + 1 == characters.Length || characters[index + 1] < '\u0300')
            ? 1
            : StringInfo.GetNextTextElementLength(characters[index..]);

    // The reference notes what is removed with the character before it; where there is none, it notes nothing, and all that follows is early by as much.
    private static void Replace(List<Step> steps, int count, string text)
    {
        var written = 0;
        for (var index = 0; index < text.Length; written++)
        {
            steps.Add(new Step(CodePoints.Read(text, index, out var width), written < count ? 0 : 1));
            index += width;
        }

        if (written < count && steps.Count > 0)
        {
            steps[^1] = steps[^1] with { Change = steps[^1].Change + written - count };
        }
    }

    private static void Write(List<Step> steps, ReadOnlySpan<char> characters, TextRewriter rewriter)
    {
        Span<char> buffer = stackalloc char[2];
        var (start, end) = (0, 0);
        foreach (var step in steps)
        {
            if (step.Change <= 0)
            {
                Advance(characters, ref start, ref end);
            }

            rewriter.Append(buffer[..new Rune(step.CodePoint).EncodeToUtf16(buffer)], start, end);
            for (var removed = step.Change; removed < 0 && end < characters.Length; removed++)
            {
                Advance(characters, ref start, ref end);
            }
        }
    }

    private static void Advance(ReadOnlySpan<char> characters, ref int start, ref int end)
    {
        CodePoints.Read(characters, end, out var width);
        (start, end) = (end, end + width);
    }

    /// <param name="CodePoint">The character written.</param>
    /// <param name="Change">1 where it is one more than there were, 0 where it takes the place of one, -n where n behind that one go too.</param>
    private readonly record struct Step(int CodePoint, int Change);
}
