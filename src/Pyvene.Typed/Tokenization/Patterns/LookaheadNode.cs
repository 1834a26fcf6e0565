namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>An assertion about what follows; it consumes nothing.</summary>
internal sealed class LookaheadNode(PatternNode body, bool negative, PatternNode next) : PatternNode
{
    public override CodePointSet? First => next.First;

    public override int Match(ref PatternCursor cursor, int position)
    {
        cursor.Spend(1);
        return body.Match(ref cursor, position) >= 0 == negative ? -1 : next.Match(ref cursor, position);
    }
}
