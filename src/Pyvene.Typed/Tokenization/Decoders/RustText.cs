using System.Text;

namespace Pyvene.Typed.Tokenization.Decoders;

/// <summary>Text as the reference's language treats it.</summary>
internal static class RustText
{
    /// <summary>Replaces a part of a text wherever it is; an empty part is at every place between characters and at both ends.</summary>
    public static string Replace(string text, string part, string replacement) => part.Length > 0
        ? text.Replace(part, replacement, StringComparison.Ordinal)
        : replacement + string.Concat(text.EnumerateRunes().Select(rune => rune + replacement));
}
