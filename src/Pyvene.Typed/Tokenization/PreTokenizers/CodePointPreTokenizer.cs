using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>Splits at every code point of a kind: digits, punctuation, white space, one character.</summary>
internal sealed class CodePointPreTokenizer(Func<int, bool> isDelimiter, SplitBehavior behavior) : PreTokenizer
{
    private readonly CodePointSet delimiters = new(isDelimiter);

    public override void Apply(AlignedText text)
    {
        var matches = new List<TextSpan>();
        text.Cut((characters, start, pieces) =>
        {
            matches.Clear();
            for (var index = 0; index < characters.Length;)
            {
                if (delimiters.Contains(CodePoints.Read(characters, index, out var width)))
                {
                    matches.Add(new TextSpan(index, index + width));
                }

                index += width;
            }

            Delimited.Cut(matches, characters.Length, start, behavior, invert: false, pieces);
        });
    }
}
