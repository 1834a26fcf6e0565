using Pyvene.Typed.Tokenization.Patterns;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.Normalizers;

/// <summary>Puts a text before a text that is not empty.</summary>
internal sealed class PrependNormalizer(string content) : Normalizer
{
    public override void Apply(AlignedText text) => text.Rewrite(
        (characters, rewriter) =>
        {
            // What is new stands for the first character.
            CodePoints.Read(characters, 0, out var first);
            rewriter.Append(content, 0, first);
            rewriter.Copy(characters, 0, characters.Length);
        },
        text.Length + content.Length);
}
