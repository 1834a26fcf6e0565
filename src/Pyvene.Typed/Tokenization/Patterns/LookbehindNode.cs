namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>An assertion about what precedes; its body has a greatest width, as in every engine but .NET's.</summary>
internal sealed class LookbehindNode(PatternNode body, int maximumWidth, bool negative, PatternNode next) : PatternNode
{
    public override CodePointSet? First => next.First;

    public override int Match(ref PatternCursor cursor, int position)
    {
        var saved = cursor.LookbehindEnd;
        cursor.LookbehindEnd = position;
        var found = false;
        var start = position;
        for (var width = 0; width <= maximumWidth && !found; width++)
        {
            cursor.Spend(1);
            found = body.Match(ref cursor, start) >= 0;
            if (start == 0)
            {
                break;
            }

            start -= CodePoints.WidthBefore(cursor.Text, start);
        }

        cursor.LookbehindEnd = saved;
        return found == negative ? -1 : next.Match(ref cursor, position);
    }

    /// <summary>The end of a body: it matches only where the assertion stands.</summary>
    internal sealed class End : PatternNode
    {
        public override CodePointSet? First => null;

        public override int Match(ref PatternCursor cursor, int position) => position == cursor.LookbehindEnd ? position : -1;
    }
}
