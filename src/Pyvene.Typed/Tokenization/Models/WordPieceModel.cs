using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.Models;

/// <summary>BERT's model: from the left always the longest token, those inside of a word behind a prefix; a word that cannot be spelt so is unknown.</summary>
internal sealed class WordPieceModel : CachedModel
{
    private readonly CharacterTrie trie = new();
    private readonly UnknownToken unknown;
    private readonly int longestWord;
    private readonly int inside;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="unknownToken">What stands for a word that cannot be spelt.</param>
    /// <param name="prefix">What a token that does not begin a word has before it.</param>
    /// <param name="longestWord">How many characters a word may have before it is unknown.</param>
    public WordPieceModel(Vocabulary vocabulary, string unknownToken, string prefix, int longestWord)
        : base(vocabulary)
    {
        unknown = new UnknownToken(vocabulary, unknownToken);
        this.longestWord = longestWord;
        foreach (var (token, id) in vocabulary.Entries)
        {
            trie.Add(token, id);
        }

        inside = trie.Walk(CharacterTrie.Root, prefix);
    }

    protected override void TokenizeNew(ReadOnlySpan<char> piece, List<ModelToken> tokens)
    {
        var before = tokens.Count;
        if (CodePoints.Count(piece) > longestWord || !TrySpell(piece, tokens))
        {
            tokens.RemoveRange(before, tokens.Count - before);
            tokens.Add(new ModelToken(unknown.IdFor(piece), 0, piece.Length));
        }
    }

    private bool TrySpell(ReadOnlySpan<char> piece, List<ModelToken> tokens)
    {
        for (var start = 0; start < piece.Length;)
        {
            var node = start == 0 ? CharacterTrie.Root : inside;
            var (id, end) = (-1, start);
            for (var index = start; index < piece.Length && node >= 0; index++)
            {
                node = trie.Next(node, piece[index]);
                if (node >= 0 && trie.Value(node) >= 0)
                {
                    (id, end) = (trie.Value(node), index + 1);
                }
            }

            if (id < 0)
            {
                return false;
            }

            tokens.Add(new ModelToken(id, start, end));
            start = end;
        }

        return true;
    }
}
