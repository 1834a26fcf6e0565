using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>SentencePiece's: spaces become a visible character, which is put before the text too, and every piece begins with one.</summary>
/// <param name="replacement">What a space becomes.</param>
/// <param name="prefix">Which pieces get one before them.</param>
/// <param name="split">Whether the text is cut before every one.</param>
internal sealed class MetaspacePreTokenizer(string replacement, PrefixScheme prefix, bool split) : PreTokenizer
{
    private readonly SplitPreTokenizer? cut =
        split ? new SplitPreTokenizer(TextPattern.Literal(replacement), SplitBehavior.MergedWithNext, invert: false) : null;

    /// <inheritdoc/>
    public override bool NeedsOrigins => prefix == PrefixScheme.First;

    public override void Apply(AlignedText text)
    {
        text.Rewrite(
            (characters, rewriter) =>
            {
                if (IsPrefixed(characters, rewriter))
                {
                    // What is new stands for the first character.
                    CodePoints.Read(characters, 0, out var first);
                    rewriter.Append(replacement, 0, first);
                }

                for (var index = 0; index < characters.Length;)
                {
                    CodePoints.Read(characters, index, out var width);
                    rewriter.Append(characters[index] == ' ' ? replacement : characters.Slice(index, width), index, index + width);
                    index += width;
                }
            },
            text.Length + text.Pieces.Count + 8);
        cut?.Apply(text);
    }

    private bool IsPrefixed(ReadOnlySpan<char> characters, TextRewriter rewriter) =>
        prefix != PrefixScheme.Never && characters[0] != ' ' && !characters.StartsWith(replacement)
        && (prefix == PrefixScheme.Always || rewriter.PieceOrigin == 0);
}
