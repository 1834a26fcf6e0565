using System.Globalization;
using System.Text;
using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Replaces every code point by itself: lowercase, marks left out.</summary>
/// <param name="map">Gives what a code point becomes; an empty text takes it out.</param>
internal sealed class CodePointNormalizer(Func<int, string> map) : Normalizer
{
    public static CodePointNormalizer Lowercase { get; } = new(ToLower);

    /// <summary>Takes out combining marks; only a decomposed text has them apart from their letters.</summary>
    public static CodePointNormalizer StripAccents { get; } = new(codePoint => IsMark(codePoint) ? "" : Itself(codePoint));

    public override void Apply(AlignedText text) => text.Rewrite(Rewrite, text.Length + 8);

    private static bool IsMark(int codePoint) => CodePoints.Category(codePoint)
        is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.SpacingCombiningMark
        or UnicodeCategory.EnclosingMark;

    // The one letter whose lowercase is two characters.
    private static string ToLower(int codePoint) => codePoint == 0x130 ? "i\u0307"
        : Rune.TryCreate(codePoint, out var rune) ? Rune.ToLowerInvariant(rune).ToString()
        : Itself(codePoint);

    private static string Itself(int codePoint) => codePoint > 0xFFFF ? char.ConvertFromUtf32(codePoint) : ((char)codePoint).ToString();

    private void Rewrite(ReadOnlySpan<char> characters, TextRewriter rewriter)
    {
        for (var index = 0; index < characters.Length;)
        {
            var codePoint = CodePoints.Read(characters, index, out var width);
            rewriter.Append(map(codePoint), index, index + width);
            index += width;
        }
    }
}
