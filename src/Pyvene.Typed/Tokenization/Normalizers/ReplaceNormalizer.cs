using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Replaces every match of a pattern.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    public override void Apply(AlignedText text)
    {
        var matches = new List<TextSpan>();
        text.Rewrite(
            (characters, rewriter) =>
            {
                matches.Clear();
                pattern.FindAll(characters, matches);
                var reached = 0;
                foreach (var match in matches)
                {
                    rewriter.Copy(characters, reached, match.Start);

                    // As in the reference, the new text stands for the last character of the old one.
                    rewriter.Append(content, match.End - CodePoints.WidthBefore(characters, match.End), match.End);
                    reached = match.End;
                }

                rewriter.Copy(characters, reached, characters.Length);
            },
            text.Length + 16);
    }
}
