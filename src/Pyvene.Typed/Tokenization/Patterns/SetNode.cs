namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>One code point out of a set.</summary>
internal sealed class SetNode(CodePointSet set, PatternNode next) : PatternNode
{
    public override CodePointSet? First => set;

    public override int Match(ref PatternCursor cursor, int position)
    {
        if (position >= cursor.Text.Length)
        {
            return -1;
        }

        var codePoint = CodePoints.Read(cursor.Text, position, out var width);
        return set.Contains(codePoint) ? next.Match(ref cursor, position + width) : -1;
    }
}
