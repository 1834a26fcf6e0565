namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>A step of a compiled pattern; it knows the step that follows, so that a match is one chain of calls.</summary>
internal abstract class PatternNode
{
    /// <summary>Gets a set that holds every code point a match can begin with; null when it can be any, or the match can be empty.</summary>
    public abstract CodePointSet? First { get; }

    /// <summary>Matches this step and all that follow.</summary>
    /// <returns>Where the match ends; -1 when there is none.</returns>
    public abstract int Match(ref PatternCursor cursor, int position);
}
