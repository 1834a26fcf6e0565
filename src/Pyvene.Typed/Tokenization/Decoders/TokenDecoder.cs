namespace Pyvene.Typed.Tokenization.Decoders;

/// <summary>Turns tokens back into text, step by step: the result of the last step is joined. Thread-safe.</summary>
internal abstract class TokenDecoder
{
    /// <summary>Gets whether the letters of tokens are bytes to it, so that an added token must not come before it.</summary>
    public virtual bool ReadsByteLetters => false;

    public abstract IReadOnlyList<string> Decode(IReadOnlyList<string> tokens);
}
