namespace Pyvene.Typed.Tokenization.Models;

/// <summary>Remembers the tokens of short pieces; bounded, and shared by threads without locks.</summary>
/// <remarks>A piece lives in the one slot its hash names, and the next piece with that slot takes its place. Entries never change.</remarks>
internal sealed class PieceCache
{
    private const int Slots = 1 << 14;
    private const int LongestPiece = 48;
    private readonly Entry?[] entries = new Entry[Slots];

    public ModelToken[]? Find(ReadOnlySpan<char> piece)
    {
        var entry = Volatile.Read(ref entries[Slot(piece)]);
        return entry is not null && piece.SequenceEqual(entry.Piece) ? entry.Tokens : null;
    }

    public void Store(ReadOnlySpan<char> piece, ReadOnlySpan<ModelToken> tokens)
    {
        if (piece.Length <= LongestPiece)
        {
            Volatile.Write(ref entries[Slot(piece)], new Entry(piece.ToString(), tokens.ToArray()));
        }
    }

    private static int Slot(ReadOnlySpan<char> piece) => string.GetHashCode(piece) & Slots - 1;

    private sealed record Entry(string Piece, ModelToken[] Tokens);
}
