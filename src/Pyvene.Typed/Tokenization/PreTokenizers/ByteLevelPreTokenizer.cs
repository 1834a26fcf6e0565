using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>GPT-2's pre-tokenizer: a space before the text if asked for, words cut by its pattern, then bytes as characters.</summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private static readonly Lazy<SplitPreTokenizer> Words = new(() => new SplitPreTokenizer(
        TextPattern.Parse(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"),
        SplitBehavior.Isolated,
        invert: false));

    public override void Apply(AlignedText text)
    {
        if (addPrefixSpace && text.Pieces.Exists(piece => text.Characters(piece)[0] != ' '))
        {
            text.Rewrite(PrefixSpace, text.Length + text.Pieces.Count);
        }

        if (useRegex)
        {
            Words.Value.Apply(text);
        }

        ByteLevelRewrite.Apply(text);
    }

    // The new space stands for the first character, as in the reference.
    private static void PrefixSpace(ReadOnlySpan<char> characters, TextRewriter rewriter)
    {
        if (characters[0] != ' ')
        {
            CodePoints.Read(characters, 0, out var first);
            rewriter.Append(' ', 0, first);
        }

        rewriter.Copy(characters, 0, characters.Length);
    }
}
