namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>A parsed pattern, before it is compiled into <see cref="PatternNode"/>s.</summary>
internal abstract record PatternTree
{
    /// <summary>Gets the greatest number of code points that this can match; null when there is no bound.</summary>
    public abstract int? MaximumWidth { get; }

    /// <summary>One code point out of a set.</summary>
    internal sealed record Set(CodePointSet Points) : PatternTree
    {
        public override int? MaximumWidth => 1;
    }

    /// <summary>One after the other.</summary>
    internal sealed record Sequence(IReadOnlyList<PatternTree> Parts) : PatternTree
    {
        public override int? MaximumWidth => Parts.Aggregate((int?)0, (sum, part) => sum + part.MaximumWidth);
    }

    /// <summary>The first that matches.</summary>
    internal sealed record Alternation(IReadOnlyList<PatternTree> Branches) : PatternTree
    {
        public override int? MaximumWidth =>
            Branches.Aggregate((int?)0, (widest, branch) => widest is { } a && branch.MaximumWidth is { } b ? Math.Max(a, b) : null);
    }

    /// <summary>Repetition; <see cref="int.MaxValue"/> is no upper bound.</summary>
    internal sealed record Repeat(PatternTree Body, int Minimum, int Maximum, RepeatKind Kind) : PatternTree
    {
        public override int? MaximumWidth => Maximum == int.MaxValue ? null : Body.MaximumWidth * Maximum;
    }

    /// <summary>A group that gives nothing back.</summary>
    internal sealed record Atomic(PatternTree Body) : PatternTree
    {
        public override int? MaximumWidth => Body.MaximumWidth;
    }

    /// <summary>An assertion about what follows or precedes.</summary>
    internal sealed record Look(PatternTree Body, bool Behind, bool Negative) : PatternTree
    {
        public override int? MaximumWidth => 0;
    }

    /// <summary>An assertion about a position.</summary>
    internal sealed record Anchor(AnchorKind Kind) : PatternTree
    {
        public override int? MaximumWidth => 0;
    }
}
