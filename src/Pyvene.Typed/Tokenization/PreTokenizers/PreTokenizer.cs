using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>Cuts a text into the pieces that the model tokenizes one by one, and may rewrite it on the way. Thread-safe.</summary>
internal abstract class PreTokenizer
{
    public abstract void Apply(AlignedText text);
}
