namespace Pyvene.Typed.Tokenization.Decoders;

/// <summary>Turns tokens back into text, step by step: the result of the last step is joined. Thread-safe.</summary>
internal abstract class TokenDecoder
{
    public abstract IReadOnlyList<string> Decode(IReadOnlyList<string> tokens);
}
