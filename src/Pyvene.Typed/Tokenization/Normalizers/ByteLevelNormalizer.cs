using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Writes text as its UTF-8 bytes in <see cref="ByteAlphabet"/>, before it is cut.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override void Apply(AlignedText text) => ByteLevelRewrite.Apply(text);
}
