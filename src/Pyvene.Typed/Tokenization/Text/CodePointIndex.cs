using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.Text;

/// <summary>Turns positions in UTF-16 units into positions in code points and back.</summary>
/// <remarks>Offsets are counted in code points on the way, because white space is trimmed from them by that count.</remarks>
internal sealed class CodePointIndex
{
    private readonly int[]? toCodePoints;
    private readonly int[]? toUnits;

    public CodePointIndex(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return; // the two counts agree
        }

        toCodePoints = new int[text.Length + 1];
        toUnits = new int[text.Length + 1];
        var count = 0;
        for (var index = 0; index < text.Length; count++)
        {
            CodePoints.Read(text, index, out var width);
            toUnits[count] = index;
            Array.Fill(toCodePoints, count, index, width);
            index += width;
        }

        toUnits[count] = text.Length;
        toCodePoints[text.Length] = count;
    }

    public TextSpan ToCodePoints(TextSpan units) => Map(toCodePoints, units);

    public TextSpan ToUnits(TextSpan codePoints) => Map(toUnits, codePoints);

    private static TextSpan Map(int[]? table, TextSpan span) => table is null ? span : new TextSpan(table[span.Start], table[span.End]);
}
