namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>Looks at the stack, every so often in a long row of steps that call one another.</summary>
internal sealed class CheckpointNode(PatternNode next) : PatternNode
{
    public override CodePointSet? First => next.First;

    public override int Match(ref PatternCursor cursor, int position)
    {
        cursor.EnterRecursion();
        return next.Match(ref cursor, position);
    }
}
