namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is a place in a text by line and column, both from 0.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">How many characters of the line stand before it.</param>
internal readonly record struct TextPoint(int Line, int Column)
{
    private static readonly char[] Ends = ['\n', '\r', '\u0085', '\u2028', '\u2029'];

    /// <summary>Returns where a character of a text is; lines end where they end for the compiler.</summary>
    /// <param name="text">The text.</param>
    /// <param name="position">The character, from 0.</param>
    public static TextPoint Of(string text, int position)
    {
        var (line, start) = (0, 0);
        for (var end = text.IndexOfAny(Ends); end >= 0; end = text.IndexOfAny(Ends, start))
        {
            var next = end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            if (next > position) break;
            (line, start) = (line + 1, next);
        }

        return new(line, position - start);
    }
}
