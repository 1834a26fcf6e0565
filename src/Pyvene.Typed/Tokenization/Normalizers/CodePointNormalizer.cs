using System.Text;
using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Replaces every code point by itself: lowercase, marks left out.</summary>
/// <param name="map">Gives what a code point becomes; an empty text takes it out.</param>
internal sealed class CodePointNormalizer(Func<int, string> map) : Normalizer
{
    // What the basic plane becomes, in pages that are filled on first use; two threads may fill one, with the same texts.
    private const int PageBits = 8;
    private readonly string[]?[] pages = new string[0x10000 >> PageBits][];

    public static CodePointNormalizer Lowercase { get; } = new(ToLower);

    /// <summary>Takes out combining marks; only a decomposed text has them apart from their letters.</summary>
    public static CodePointNormalizer StripAccents { get; } = new(codePoint => UnicodeRanges.Marks.Contains(codePoint) ? "" : Itself(codePoint));

    /// <summary>Takes out the marks that take no room, and leaves the others.</summary>
    public static CodePointNormalizer StripNonSpacingMarks { get; } =
        new(codePoint => UnicodeRanges.NonSpacingMarks.Contains(codePoint) ? "" : Itself(codePoint));

    /// <summary>Takes out control characters and makes white space a space, as BERT does.</summary>
    public static CodePointNormalizer Clean { get; } = new(codePoint =>
        codePoint is '\t' or '\n' or '\r' || CodePoints.IsWhiteSpace(codePoint) && !UnicodeRanges.Others.Contains(codePoint) ? " "
        : codePoint is 0 or 0xFFFD || UnicodeRanges.Others.Contains(codePoint) ? ""
        : Itself(codePoint));

    /// <summary>Puts a space before and behind every Chinese character, as BERT does.</summary>
    public static CodePointNormalizer SeparateChinese { get; } =
        new(codePoint => IsChinese(codePoint) ? $" {Itself(codePoint)} " : Itself(codePoint));

    /// <summary>What neural machine translation does in SentencePiece: control characters go, and rare spaces become one.</summary>
    public static CodePointNormalizer Nmt { get; } = new(codePoint => codePoint switch
    {
        >= 1 and <= 8 or 0xB or >= 0xE and <= 0x1F or 0x7F or 0x8F or 0x9F => "",
        0x9 or 0xA or 0xC or 0xD or 0x1680 or >= 0x200B and <= 0x200F or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => " ",
        _ => Itself(codePoint),
    });

    public override void Apply(AlignedText text)
    {
        if (text.Pieces.Exists(piece => Changes(text.Characters(piece))))
        {
            text.Rewrite(Rewrite, text.Length + 8);
        }
    }

    // The ranges of the reference, which begins one of them at 2B920 where Unicode has 2B820.
    private static bool IsChinese(int codePoint) => codePoint is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF
        or >= 0x2A700 and <= 0x2B73F or >= 0x2B740 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;

    // U+0130 is the one letter whose lowercase is two characters; the others are letters of Unicode 17, which .NET does not have yet.
    private static string ToLower(int codePoint) => codePoint switch
    {
        0x130 => "i\u0307",
        0xA7CE or 0xA7D2 or 0xA7D4 => Itself(codePoint + 1),
        >= 0x16EA0 and <= 0x16EB8 => Itself(codePoint + 0x1B),
        _ => Rune.TryCreate(codePoint, out var rune) ? Rune.ToLowerInvariant(rune).ToString() : Itself(codePoint),
    };

    private static string Itself(int codePoint) => codePoint > 0xFFFF ? char.ConvertFromUtf32(codePoint) : ((char)codePoint).ToString();

    private bool Changes(ReadOnlySpan<char> characters)
    {
        for (var index = 0; index < characters.Length;)
        {
            var mapped = Mapped(CodePoints.Read(characters, index, out var width));
            if (mapped.Length != width || mapped[0] != characters[index] || mapped[^1] != characters[index + width - 1])
            {
                return true;
            }

            index += width;
        }

        return false;
    }

    private void Rewrite(ReadOnlySpan<char> characters, TextRewriter rewriter)
    {
        for (var index = 0; index < characters.Length;)
        {
            var codePoint = CodePoints.Read(characters, index, out var width);
            rewriter.Append(Mapped(codePoint), index, index + width);
            index += width;
        }
    }

    private string Mapped(int codePoint) =>
        codePoint > 0xFFFF ? map(codePoint) : (pages[codePoint >> PageBits] ?? FillPage(codePoint >> PageBits))[codePoint & (1 << PageBits) - 1];

    private string[] FillPage(int page)
    {
        var texts = new string[1 << PageBits];
        for (var offset = 0; offset < texts.Length; offset++)
        {
            texts[offset] = map(page << PageBits | offset);
        }

        Volatile.Write(ref pages[page], texts);
        return texts;
    }
}
