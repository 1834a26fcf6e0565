using System.Runtime.CompilerServices;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.Patterns;

/// <summary>The state of one search: the text, what is left of the budget of steps, and where each open loop last began.</summary>
internal ref struct PatternCursor
{
    public readonly ReadOnlySpan<char> Text;
    public readonly int[] LoopStarts;
    public int LookbehindEnd;
    private readonly string pattern;
    private long steps;

    public PatternCursor(ReadOnlySpan<char> text, string pattern, int loops)
    {
        Text = text;
        this.pattern = pattern;
        LoopStarts = loops == 0 ? [] : new int[loops];
        Array.Fill(LoopStarts, -1);

        // A pattern of a tokenizer needs a few steps a character; one that needs hundreds backtracks exponentially.
        steps = 10_000 + 400L * text.Length;
    }

    public void Spend(int steps)
    {
        this.steps -= steps;
        if (this.steps < 0)
        {
            throw new TokenizerException($"The pattern '{pattern}' needs too many steps on a text of {Text.Length} UTF-16 units; it backtracks without end.");
        }
    }

    public void EnterRecursion()
    {
        Spend(1);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TokenizerException($"The pattern '{pattern}' nests too deeply on a text of {Text.Length} UTF-16 units.");
        }
    }
}
