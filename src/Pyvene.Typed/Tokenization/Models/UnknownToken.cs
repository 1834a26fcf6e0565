using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.Models;

/// <summary>The token that stands for what has none, which a file may name without having it.</summary>
/// <param name="vocabulary">The tokens of the model.</param>
/// <param name="token">Its text.</param>
internal sealed class UnknownToken(Vocabulary vocabulary, string token)
{
    private readonly int id = vocabulary.TryGetId(token, out var found) ? found : -1;

    /// <summary>Gets its id.</summary>
    /// <param name="piece">What it is to stand for.</param>
    /// <exception cref="TokenizerException">It is not in the vocabulary.</exception>
    public int IdFor(ReadOnlySpan<char> piece) => id >= 0 ? id : throw new TokenizerException(
        $"'{Excerpt.Of(piece.ToString())}' is not in the tokenizer's vocabulary, and neither is the unknown token '{Excerpt.Of(token)}' that is to stand for "
            + "it; add that token to the vocabulary.");
}
