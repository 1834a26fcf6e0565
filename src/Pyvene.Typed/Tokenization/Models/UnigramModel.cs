using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.Models;

/// <summary>SentencePiece's unigram model: of all ways to spell a piece the one with the greatest sum of scores.</summary>
internal sealed class UnigramModel : CachedModel
{
    // What a character without a token costs beyond the worst token.
    private const double UnknownPenalty = 10;

    [ThreadStatic]
    private static List<(int Start, int End, bool IsUnknown)>? t_path;

    private readonly CharacterTrie trie = new();
    private readonly double[] scores;
    private readonly double unknownScore;
    private readonly int? unknownId;
    private readonly ByteTokens? bytes;

    /// <param name="vocabulary">The tokens, with ids from 0 on.</param>
    /// <param name="scores">The score of each.</param>
    /// <param name="unknownId">The token for characters that have none; null where they are refused.</param>
    /// <param name="byteFallback">Whether they become tokens of their bytes, where all of these are there.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, int? unknownId, bool byteFallback)
        : base(vocabulary)
    {
        this.scores = scores;
        this.unknownId = unknownId;
        unknownScore = scores.DefaultIfEmpty().Min() - UnknownPenalty;
        bytes = byteFallback ? new ByteTokens(vocabulary) : null;
        foreach (var (token, id) in vocabulary.Entries)
        {
            trie.Add(token, id);
        }
    }

    /// <inheritdoc/>
    public override int? FoundId => unknownId;

    protected override void TokenizeNew(ReadOnlySpan<char> piece, List<ModelToken> tokens)
    {
        var path = t_path ??= [];
        path.Clear();
        FindPath(piece, path);
        for (var index = path.Count - 1; index >= 0; index--)
        {
            // Neighbours that are unknown are one token.
            var (start, end, isUnknown) = path[index];
            while (isUnknown && index > 0 && path[index - 1].IsUnknown)
            {
                end = path[--index].End;
            }

            Add(piece, start, end, tokens);
        }
    }

    private void Add(ReadOnlySpan<char> piece, int start, int end, List<ModelToken> tokens)
    {
        var text = piece[start..end];
        if (Vocabulary.TryGetId(text, out var id))
        {
            tokens.Add(new ModelToken(id, start, end));
        }
        else if (bytes?.TryAdd(text, start, end, tokens) != true)
        {
            tokens.Add(new ModelToken(unknownId ?? throw Unknown(text), start, end));
        }
    }

    // From the end of the piece to its start.
    private void FindPath(ReadOnlySpan<char> piece, List<(int Start, int End, bool IsUnknown)> path)
    {
        var best = new Node[piece.Length + 1];
        for (var start = 0; start < piece.Length;)
        {
            CodePoints.Read(piece, start, out var width);
            var hasSingle = false;
            var node = CharacterTrie.Root;
            for (var index = start; index < piece.Length && (node = trie.Next(node, piece[index])) >= 0; index++)
            {
                if (trie.Value(node) is var id and >= 0)
                {
                    best[index + 1].Offer(best[start].Score + scores[id], start, id);
                    hasSingle |= index + 1 - start == width;
                }
            }

            if (!hasSingle)
            {
                best[start + width].Offer(best[start].Score + unknownScore, start, unknownId ?? throw Unknown(piece.Slice(start, width)));
            }

            start += width;
        }

        for (var end = piece.Length; end > 0; end = best[end].Start)
        {
            path.Add((best[end].Start, end, best[end].Id == unknownId));
        }
    }

    private static TokenizerException Unknown(ReadOnlySpan<char> text) => new(
        $"'{Excerpt.Of(text.ToString())}' is not in the tokenizer's vocabulary, and it names no unknown token; set unk_id in its model.");

    private struct Node
    {
        private bool isReached;

        public double Score { get; private set; }

        public int Start { get; private set; }

        public int Id { get; private set; }

        public void Offer(double score, int start, int id)
        {
            if (!isReached || score > Score)
            {
                (isReached, Score, Start, Id) = (true, score, start, id);
            }
        }
    }
}
