using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tokenization.PreTokenizers;

/// <summary>Cuts a text into the pieces that the model tokenizes one by one, and may rewrite it on the way. Thread-safe.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Gets whether it asks where in the original text a piece begins, so that offsets are tracked for it.</summary>
    public virtual bool NeedsOrigins => false;

    public abstract void Apply(AlignedText text);
}
