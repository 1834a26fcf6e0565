namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>The end of a pattern, or of the body of an assertion.</summary>
internal sealed class AcceptNode : PatternNode
{
    public static readonly AcceptNode Instance = new();

    public override CodePointSet? First => null;

    public override int Match(ref PatternCursor cursor, int position) => position;
}
