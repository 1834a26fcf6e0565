namespace Pyvene.Typed.Tokenization.PostProcessors;

/// <summary>What happens to the tokens of one text or of a pair: special tokens, types, trimmed offsets. Thread-safe.</summary>
internal abstract class PostProcessor
{
    /// <summary>Gives how many tokens are added to one text or to a pair.</summary>
    public abstract int AddedCount(bool isPair);

    /// <summary>Changes the tokens of each text, and adds the special ones.</summary>
    /// <param name="texts">The tokens, a list for each text; the lists may be changed.</param>
    /// <param name="addSpecialTokens">Whether special tokens are added.</param>
    /// <returns>As many lists as came in, or one where the texts were joined.</returns>
    public abstract List<List<TokenRecord>> Process(List<List<TokenRecord>> texts, bool addSpecialTokens);
}
