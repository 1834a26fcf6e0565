namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>The first of several branches that matches; branches that cannot begin with the next character are not tried.</summary>
internal sealed class AlternationNode : PatternNode
{
    private readonly PatternNode[] branches;
    private readonly CodePointSet?[] firsts;
    private readonly ulong[] asciiBranches = new ulong[128];

    public AlternationNode(PatternNode[] branches)
    {
        this.branches = branches;
        firsts = [.. branches.Select(branch => branch.First)];
        for (var index = 0; index < Math.Min(branches.Length, 64); index++)
        {
            for (var character = 0; character < 128; character++)
            {
                if (firsts[index]?.Contains(character) != false)
                {
                    asciiBranches[character] |= 1UL << index;
                }
            }
        }

        First = firsts.Contains(null) ? null : firsts.Aggregate((left, right) => left!.Union(right!));
    }

    public override CodePointSet? First { get; }

    public override int Match(ref PatternCursor cursor, int position)
    {
        cursor.EnterRecursion();
        var codePoint = position < cursor.Text.Length ? CodePoints.Read(cursor.Text, position, out _) : -1;
        var ascii = codePoint is >= 0 and < 128 ? asciiBranches[codePoint] : 0;
        for (var index = 0; index < branches.Length; index++)
        {
            var possible = codePoint is >= 0 and < 128 && index < 64
                ? (ascii >> index & 1) != 0
                : firsts[index] is not { } first || codePoint >= 0 && first.Contains(codePoint);
            if (possible && branches[index].Match(ref cursor, position) is >= 0 and var end)
            {
                return end;
            }
        }

        return -1;
    }
}
