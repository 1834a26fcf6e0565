using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization.Models;

namespace Pyvene.Typed.Tokenization.Reading;

/// <summary>Makes merges of SentencePiece's scores, which GGUF files hold in their place: two neighbours join to the token with the best score.</summary>
internal static class GgufScores
{
    private const int LongestToken = 512; // every place of a token is tried

    /// <summary>Makes the merges.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="scores">A score a token.</param>
    /// <param name="isText">Whether a token may come of text.</param>
    /// <param name="file">The file, for messages.</param>
    /// <exception cref="TokenizerException">A score is no number, or a token is too long.</exception>
    public static MergeTable Merges(Vocabulary vocabulary, float[] scores, Func<int, bool> isText, string file)
    {
        var merges = new List<(int Left, int Right, int Id)>();
        for (var id = 0; id < vocabulary.End; id++)
        {
            var token = vocabulary.Token(id)!;
            if (!isText(id) || !vocabulary.TryGetId(token, out var own) || own != id)
            {
                continue;
            }

            if (token.Length > LongestToken || float.IsNaN(scores[id]))
            {
                throw new TokenizerException(
                    $"the token '{Excerpt.Of(token)}' has {token.Length} characters and the score {scores[id]}; at most {LongestToken} and a number are read",
                    file,
                    $"tokenizer.ggml.tokens[{id}]");
            }

            for (var cut = 1; cut < token.Length; cut++)
            {
                if (vocabulary.TryGetId(token.AsSpan(0, cut), out var left) && vocabulary.TryGetId(token.AsSpan(cut), out var right))
                {
                    merges.Add((left, right, id));
                }
            }
        }

        // Of equal scores the leftmost pair joins first, so they have one rank.
        var ranks = merges.Select(merge => scores[merge.Id]).Distinct().OrderDescending().Index().ToDictionary(item => item.Item, item => item.Index);
        var table = new MergeTable(merges.Count);
        foreach (var (left, right, id) in merges)
        {
            table.Add(left, right, ranks[scores[id]], id);
        }

        return table;
    }
}
