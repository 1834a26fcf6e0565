using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.Models;
using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Makes merges of SentencePiece's scores, where a file has no merges: two neighbours join to the token with the best score.</summary>
internal static class ScoredMerges
{
    private const int LongestToken = 512; // every place of a token is tried

    /// <summary>Makes the merges.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="scores">A score a token.</param>
    /// <param name="isText">Whether a token may come of text.</param>
    /// <param name="leftmostFirst">
    /// Whether of pairs with equal scores the leftmost in a text joins first, as in llama.cpp; else the one whose left, then right half is longer, as in
    /// transformers.
    /// </param>
    /// <param name="placeOf">Where a token stands, and in which file.</param>
    /// <exception cref="TokenizerException">A score is no number, or a token is too long.</exception>
    public static MergeTable Make(
        Vocabulary vocabulary, float[] scores, Func<int, bool> isText, bool leftmostFirst, Func<int, (string Place, string File)> placeOf)
    {
        var merges = new List<Merge>();
        for (var id = 0; id < vocabulary.End; id++)
        {
            var token = vocabulary.Token(id)!;
            if (!isText(id) || !vocabulary.TryGetId(token, out var own) || own != id)
            {
                continue;
            }

            if (token.Length > LongestToken || float.IsNaN(scores[id]))
            {
                var (place, file) = placeOf(id);
                throw new TokenizerException(
                    $"the token '{Excerpt.Of(token)}' has {token.Length} characters and the score {scores[id]}; at most {LongestToken} and a number are read",
                    file,
                    place);
            }

            var (before, length) = (0, CodePoints.Count(token));
            for (var cut = 1; cut < token.Length; cut++)
            {
                if (char.IsLowSurrogate(token[cut]))
                {
                    continue;
                }

                before++;
                if (vocabulary.TryGetId(token.AsSpan(0, cut), out var left) && vocabulary.TryGetId(token.AsSpan(cut), out var right))
                {
                    merges.Add(new Merge(left, right, id, scores[id], before, length - before));
                }
            }
        }

        merges.Sort((one, other) => Order(one, other, leftmostFirst));
        return Rank(merges, leftmostFirst);
    }

    private static MergeTable Rank(List<Merge> merges, bool leftmostFirst)
    {
        var (table, rank) = (new MergeTable(merges.Count), -1);
        for (var index = 0; index < merges.Count; index++)
        {
            // Of one rank the leftmost pair joins first.
            rank += leftmostFirst && index > 0 && merges[index].Score == merges[index - 1].Score ? 0 : 1;
            table.Add(merges[index].Left, merges[index].Right, rank, merges[index].Id);
        }

        return table;
    }

    private static int Order(Merge one, Merge other, bool leftmostFirst) =>
        other.Score.CompareTo(one.Score) is not 0 and var score ? score
        : leftmostFirst ? 0
        : other.Before.CompareTo(one.Before) is not 0 and var left ? left
        : other.Behind.CompareTo(one.Behind) is not 0 and var right ? right
        : one.Id.CompareTo(other.Id);

    private readonly record struct Merge(int Left, int Right, int Id, float Score, int Before, int Behind);
}
