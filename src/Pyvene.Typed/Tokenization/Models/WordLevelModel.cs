namespace Pyvene.Typed.Tokenization.Models;

/// <summary>Whole words: a piece is one token or unknown.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string unknownToken) : TokenModel(vocabulary)
{
    private readonly UnknownToken unknown = new(vocabulary, unknownToken);

    public override void Tokenize(ReadOnlySpan<char> piece, List<ModelToken> tokens) =>
        tokens.Add(new ModelToken(Vocabulary.TryGetId(piece, out var id) ? id : unknown.IdFor(piece), 0, piece.Length));
}
