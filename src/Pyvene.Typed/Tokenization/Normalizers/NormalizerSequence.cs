using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Several normalisers, one after the other.</summary>
internal sealed class NormalizerSequence(IReadOnlyList<Normalizer> steps) : Normalizer
{
    public override void Apply(AlignedText text)
    {
        foreach (var step in steps)
        {
            step.Apply(text);
        }
    }
}
