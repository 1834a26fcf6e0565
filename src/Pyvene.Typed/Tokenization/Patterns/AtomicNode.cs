namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>A group that, once matched, gives nothing back.</summary>
internal sealed class AtomicNode(PatternNode body, PatternNode next) : PatternNode
{
    public override CodePointSet? First => body.First;

    public override int Match(ref PatternCursor cursor, int position)
    {
        cursor.EnterRecursion();
        var end = body.Match(ref cursor, position);
        return end < 0 ? -1 : next.Match(ref cursor, end);
    }
}
