using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>The Unicode properties that tokenizers ask for, on code points.</summary>
internal static class CodePoints
{
    /// <summary>Reads the code point at <paramref name="index"/>; a surrogate without its partner is a code point of its own.</summary>
    public static int Read(ReadOnlySpan<char> text, int index, out int width)
    {
        var first = text[index];
        if (char.IsHighSurrogate(first) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            width = 2;
            return char.ConvertToUtf32(first, text[index + 1]);
        }

        width = 1;
        return first;
    }

    /// <summary>Gives the width in UTF-16 units of the code point that ends at <paramref name="index"/>.</summary>
    public static int WidthBefore(ReadOnlySpan<char> text, int index) =>
        index >= 2 && char.IsLowSurrogate(text[index - 1]) && char.IsHighSurrogate(text[index - 2]) ? 2 : 1;

    /// <summary>Counts the code points of a text.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (var index = 0; index < text.Length; count++)
        {
            Read(text, index, out var width);
            index += width;
        }

        return count;
    }

    /// <summary>Unicode's White_Space, exactly: U+0085 and U+00A0 belong to it, U+001C to U+001F, U+180E, U+200B and U+FEFF do not.</summary>
    public static bool IsWhiteSpace(int codePoint) => codePoint <= 0xFFFF && char.IsWhiteSpace((char)codePoint);

    /// <summary>A character of words: Alphabetic, a mark, a decimal digit or a connector such as the underscore.</summary>
    public static bool IsWord(int codePoint) => Category(codePoint) switch
    {
        <= UnicodeCategory.LetterNumber => true, // letters, marks, Nd, Nl
        UnicodeCategory.ConnectorPunctuation => true,
        // Circled and squared letters are symbols by category and alphabetic by property.
        UnicodeCategory.OtherSymbol => codePoint is >= 0x24B6 and <= 0x24E9 or >= 0x1F130 and <= 0x1F149
            or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189,
        _ => false,
    };

    /// <summary>The general category; a lone surrogate is a surrogate.</summary>
    public static UnicodeCategory Category(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint);

    /// <summary>Folds the case of one code point, so that equal results mean equal but for case.</summary>
    public static int Fold(int codePoint) => codePoint switch
    {
        // What .NET's invariant casing leaves alone: the long s, the Kelvin sign, the Angstrom sign.
        0x17F => 's',
        0x212A => 'k',
        0x212B => 0xE5,
        _ => Rune.IsValid(codePoint) ? Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(codePoint))).Value : codePoint,
    };
}
