using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Takes white space off the ends of a text.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Apply(AlignedText text) => text.Cut((characters, start, pieces) =>
    {
        var (first, end) = (0, characters.Length);
        while (left && first < end && CodePoints.IsWhiteSpace(characters[first]))
        {
            first++;
        }

        while (right && end > first && CodePoints.IsWhiteSpace(characters[end - 1]))
        {
            end--;
        }

        if (end > first)
        {
            pieces.Add(new TextSpan(start + first, start + end));
        }
    });
}
