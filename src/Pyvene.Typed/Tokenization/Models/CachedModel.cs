using System.Runtime.InteropServices;

namespace Pyvene.Typed.Tokenization.Models;

/// <summary>A model whose tokens depend on the piece alone, so that short pieces are remembered.</summary>
internal abstract class CachedModel(Vocabulary vocabulary) : TokenModel(vocabulary)
{
    private readonly PieceCache cache = new();

    public sealed override void Tokenize(ReadOnlySpan<char> piece, List<ModelToken> tokens)
    {
        if (cache.Find(piece) is { } known)
        {
            tokens.AddRange(known.AsSpan());
            return;
        }

        var before = tokens.Count;
        TokenizeNew(piece, tokens);
        cache.Store(piece, CollectionsMarshal.AsSpan(tokens)[before..]);
    }

    /// <summary>Adds the tokens of a piece that is not remembered.</summary>
    protected abstract void TokenizeNew(ReadOnlySpan<char> piece, List<ModelToken> tokens);
}
