namespace Pyvene.Typed.Tokenization.Models;

/// <summary>Turns one piece of text into tokens of a vocabulary. Thread-safe.</summary>
internal abstract class TokenModel(Vocabulary vocabulary)
{
    /// <summary>Gets the entries of the model, without the tokens added to it.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Gets the id whose tokens are told as the text that they were found as, instead of the vocabulary's.</summary>
    /// <value>Null where all are told as the vocabulary's.</value>
    public virtual int? FoundId => null;

    /// <summary>Adds the tokens of a piece that is not empty.</summary>
    public abstract void Tokenize(ReadOnlySpan<char> piece, List<ModelToken> tokens);
}
