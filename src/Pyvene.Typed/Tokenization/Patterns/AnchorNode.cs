namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>An assertion about a position: a start, an end, a boundary of words.</summary>
internal sealed class AnchorNode(AnchorKind kind, PatternNode next) : PatternNode
{
    public override CodePointSet? First => next.First;

    public override int Match(ref PatternCursor cursor, int position) =>
        Holds(cursor.Text, position) ? next.Match(ref cursor, position) : -1;

    private bool Holds(ReadOnlySpan<char> text, int position) => kind switch
    {
        AnchorKind.TextStart => position == 0,
        AnchorKind.TextEnd => position == text.Length,
        AnchorKind.TextEndOrLastNewline => position == text.Length || position == text.Length - 1 && text[position] == '\n',
        AnchorKind.LineStart => position == 0 || text[position - 1] == '\n',
        AnchorKind.LineEnd => position == text.Length || text[position] == '\n',
        AnchorKind.WordBoundary => IsBoundary(text, position),
        _ => !IsBoundary(text, position),
    };

    private static bool IsBoundary(ReadOnlySpan<char> text, int position)
    {
        var before = position > 0 && CodePoints.IsWord(CodePoints.Read(text, position - CodePoints.WidthBefore(text, position), out _));
        var after = position < text.Length && CodePoints.IsWord(CodePoints.Read(text, position, out _));
        return before != after;
    }
}
