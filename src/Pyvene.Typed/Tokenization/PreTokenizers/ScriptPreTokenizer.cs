using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>Cuts where the script changes; a space and what has no script join what is before them.</summary>
internal sealed class ScriptPreTokenizer : PreTokenizer
{
    public override void Apply(AlignedText text) => text.Cut(static (characters, start, pieces) =>
    {
        // As in the reference, what has no script at the very start is lost: nothing is before it.
        var begun = -1;
        string? last = null;
        for (var index = 0; index < characters.Length;)
        {
            var script = UnicodeRanges.Scripts.Find(CodePoints.Read(characters, index, out var width));
            if (script is not null && script != last)
            {
                if (begun >= 0)
                {
                    pieces.Add(new TextSpan(start + begun, start + index));
                }

                (begun, last) = (index, script);
            }

            index += width;
        }

        if (begun >= 0)
        {
            pieces.Add(new TextSpan(start + begun, start + characters.Length));
        }
    });
}
