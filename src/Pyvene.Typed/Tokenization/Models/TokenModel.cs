namespace Pyvene.Typed.Tokenization.Models;

/// <summary>Turns one piece of text into tokens of a vocabulary. Thread-safe.</summary>
internal abstract class TokenModel(Vocabulary vocabulary)
{
    /// <summary>Gets the entries of the model, without the tokens added to it.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Adds the tokens of a piece that is not empty.</summary>
    public abstract void Tokenize(ReadOnlySpan<char> piece, List<ModelToken> tokens);
}
