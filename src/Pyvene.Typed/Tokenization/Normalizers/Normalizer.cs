using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Rewrites a text before it is cut into pieces. Thread-safe.</summary>
internal abstract class Normalizer
{
    public abstract void Apply(AlignedText text);

    /// <summary>Gives the normalised form of a text on its own.</summary>
    public string Normalize(string text)
    {
        if (text.Length == 0)
        {
            return text; // steps see no empty pieces
        }

        var aligned = AlignedText.Create(text.ToCharArray(), new TextSpan(0, text.Length), tracksOffsets: false);
        Apply(aligned);
        return string.Concat(aligned.Pieces.Select(piece => aligned.Characters(piece).ToString()));
    }
}
