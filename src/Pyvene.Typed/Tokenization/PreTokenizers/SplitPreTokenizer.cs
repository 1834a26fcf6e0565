using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>Splits at every match of a pattern.</summary>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : PreTokenizer
{
    public override void Apply(AlignedText text)
    {
        var matches = new List<TextSpan>();
        text.Cut((characters, start, pieces) =>
        {
            matches.Clear();
            pattern.FindAll(characters, matches);
            Delimited.Cut(matches, characters.Length, start, behavior, invert, pieces);
        });
    }
}
