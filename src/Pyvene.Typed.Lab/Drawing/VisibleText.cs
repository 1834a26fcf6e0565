using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Lab;

/// <summary>Makes visible what a reader could not see in a token: spaces, line ends, and signs that turn or hide what stands beside them.</summary>
internal static class VisibleText
{
    private const int LongestTick = 16; // columns

    /// <summary>Returns a token as it is shown: <c>·Spain</c>, <c>⏎</c>.</summary>
    public static string OfToken(string token) => token.Length == 0 ? "∅" : Of(token.Replace(' ', '·'));

    /// <summary>Returns a name or a sentence as it is shown: its spaces stay.</summary>
    public static string Of(string text)
    {
        var shown = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (at + 1 < text.Length && char.IsSurrogatePair(letter, text[at + 1]))
            {
                shown.Append(letter).Append(text[++at]);
                continue;
            }

            _ = letter switch
            {
                '\n' => shown.Append('⏎'),
                '\r' => shown.Append('␍'),
                '\t' => shown.Append('⇥'),
                '\u00A0' => shown.Append('⍽'),
                < ' ' => shown.Append((char)(0x2400 + letter)), // the pictures of control signs
                '\u007F' => shown.Append('␡'),
                _ => CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    ? shown.Append(CultureInfo.InvariantCulture, $"‹{(int)letter:X4}›")
                    : shown.Append(letter),
            };
        }

        return shown.ToString();
    }

    /// <summary>Returns a text that is too long for a tick with its end left out.</summary>
    public static string Short(string shown)
    {
        if (Width(shown) <= LongestTick) return shown;
        var signs = StringInfo.GetTextElementEnumerator(shown);
        var text = new StringBuilder();
        while (signs.MoveNext() && Width(text + signs.GetTextElement()) < LongestTick) text.Append(signs.GetTextElement());
        return text.Append('…').ToString();
    }

    /// <summary>Returns how many columns of a fixed-width font a text takes: two a sign of East Asia or a pictogram.</summary>
    public static int Width(string shown) => shown.EnumerateRunes().Sum(rune =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? 0 : rune.Value switch
        {
            < 0x1100 => 1,
            <= 0x115F or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
                or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) => 2,
            _ => 1,
        });
}
