namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>Any number of repetitions of a group; the body leads back to this node.</summary>
internal sealed class LoopNode(int index, bool lazy, PatternNode next) : PatternNode
{
    /// <summary>Gets or sets the body, compiled with this node as what follows.</summary>
    public PatternNode Body { get; set; } = AcceptNode.Instance;

    public override CodePointSet? First => null;

    public override int Match(ref PatternCursor cursor, int position)
    {
        cursor.EnterRecursion();
        ref var start = ref cursor.LoopStarts[index];

        // A repetition that consumed nothing would repeat for ever.
        if (start == position)
        {
            return Leave(ref cursor, position);
        }

        if (lazy && Leave(ref cursor, position) is >= 0 and var left)
        {
            return left;
        }

        var saved = start;
        start = position;
        var end = Body.Match(ref cursor, position);
        start = saved;
        return end >= 0 || lazy ? end : Leave(ref cursor, position);
    }

    private int Leave(ref PatternCursor cursor, int position)
    {
        ref var start = ref cursor.LoopStarts[index];
        var saved = start;
        start = -1;
        var end = next.Match(ref cursor, position);
        start = saved;
        return end;
    }
}
