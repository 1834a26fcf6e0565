using System.Collections.Immutable;

namespace Pyvene.Typed;

/// <summary>Is generated text with its tokens. Immutable; it holds no tensor.</summary>
/// <param name="Prompts">The prompts' texts, one a row; empty texts when token ids were given.</param>
/// <param name="Texts">The generated texts, without the prompt and without special tokens, one a row.</param>
/// <param name="TokenIds">The generated token ids, one list a row, ended by the padding of rows that stopped earlier.</param>
/// <param name="Receipts">What every intervention did, in the order of the experiment; empty for a plain generation.</param>
public sealed record GeneratedText(
    ImmutableArray<string> Prompts, ImmutableArray<string> Texts, ImmutableArray<ImmutableArray<int>> TokenIds, IReadOnlyList<EffectReceipt> Receipts)
{
    /// <summary>
    /// Gets how many of <see cref="TokenIds"/> every row generated, its end token included; what lies behind is padding, and so are the values of steps behind
    /// them.
    /// </summary>
    public ImmutableArray<int> Lengths { get; init; } = [];

    /// <summary>Returns prompt and text of every row, a line each.</summary>
    public override string ToString() => string.Join("\n", Texts.Select((text, row) => Prompts[row] + text));
}
