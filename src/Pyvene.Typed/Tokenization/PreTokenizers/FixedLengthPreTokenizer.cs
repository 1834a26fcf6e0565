using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>Cuts after every so many characters.</summary>
internal sealed class FixedLengthPreTokenizer(int length) : PreTokenizer
{
    public override void Apply(AlignedText text) => text.Cut((characters, start, pieces) =>
    {
        var (begun, count) = (0, 0);
        for (var index = 0; index < characters.Length;)
        {
            CodePoints.Read(characters, index, out var width);
            index += width;
            if (++count == length || index == characters.Length)
            {
                pieces.Add(new TextSpan(start + begun, start + index));
                (begun, count) = (index, 0);
            }
        }
    });
}
