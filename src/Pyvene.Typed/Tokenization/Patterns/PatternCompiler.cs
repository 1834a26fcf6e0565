namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>Turns a parsed pattern into nodes, from its end to its beginning, since every node knows what follows.</summary>
internal sealed class PatternCompiler
{
    // Counted groups are written out; a pattern that would grow beyond this is refused instead of filling the memory.
    private const int LargestSize = 20_000, CheckpointDistance = 128;
    private int size;

    /// <summary>Gets the number of loops that need to remember where they began.</summary>
    public int Loops { get; private set; }

    public PatternNode Compile(PatternTree tree, PatternNode next)
    {
        if (++size > LargestSize)
        {
            throw new FormatException($"it has more than {LargestSize} steps once its repetitions are written out");
        }

        return tree switch
        {
            PatternTree.Set set => new SetNode(set.Points, size % CheckpointDistance == 0 ? new CheckpointNode(next) : next),
            PatternTree.Sequence sequence => sequence.Parts.Reverse().Aggregate(next, (after, part) => Compile(part, after)),
            PatternTree.Alternation choice => new AlternationNode([.. choice.Branches.Select(branch => Compile(branch, next))]),
            PatternTree.Repeat repeat => CompileRepeat(repeat, next),
            PatternTree.Atomic atomic => new AtomicNode(Compile(atomic.Body, AcceptNode.Instance), next),
            PatternTree.Anchor anchor => new AnchorNode(anchor.Kind, next),
            PatternTree.Look { Behind: false } look => new LookaheadNode(Compile(look.Body, AcceptNode.Instance), look.Negative, next),
            PatternTree.Look look => new LookbehindNode(
                Compile(look.Body, new LookbehindNode.End()),
                look.Body.MaximumWidth ?? throw new FormatException("what a lookbehind looks for has no greatest width"),
                look.Negative,
                next),
            _ => throw new InvalidOperationException($"Unknown part of a pattern: {tree.GetType()}."),
        };
    }

    private PatternNode CompileRepeat(PatternTree.Repeat repeat, PatternNode next)
    {
        if (repeat.Body is PatternTree.Set set)
        {
            return new SetLoopNode(set.Points, repeat.Minimum, repeat.Maximum, repeat.Kind, next);
        }

        if (repeat.Kind == RepeatKind.Possessive)
        {
            return new AtomicNode(CompileRepeat(repeat with { Kind = RepeatKind.Greedy }, AcceptNode.Instance), next);
        }

        var node = next;
        var lazy = repeat.Kind == RepeatKind.Lazy;
        if (repeat.Maximum == int.MaxValue)
        {
            var loop = new LoopNode(Loops++, lazy, next);
            loop.Body = Compile(repeat.Body, loop);
            node = loop;
        }
        else
        {
            // x{2,4} is xx(x(x)?)?
            for (var count = repeat.Minimum; count < repeat.Maximum; count++)
            {
                var body = Compile(repeat.Body, node);
                node = new AlternationNode(lazy ? [next, body] : [body, next]);
            }
        }

        for (var count = 0; count < repeat.Minimum; count++)
        {
            node = Compile(repeat.Body, node);
        }

        return node;
    }
}
