using static TorchSharp.torch;

namespace Pyvene.Typed.Analysis;

/// <summary>Says which attention weights belong to a pattern.</summary>
internal static class HeadPatterns
{
    /// <summary>Returns the pattern in words.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static string InWords(this HeadPattern pattern) => pattern switch
    {
        HeadPattern.PreviousToken => "attention to the previous token",
        HeadPattern.DuplicateToken => "attention to earlier occurrences of the token",
        HeadPattern.Induction => "attention to what followed earlier occurrences of the token",
        HeadPattern.AttentionToFirst => "attention to the first token",
        _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "There is no such pattern."),
    };

    /// <summary>
    /// Returns the weights that belong to a pattern in a batch: 1 where they do, else 0, [example, query, key], and how many queries have any.
    /// </summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="examples">The real tokens of every example; shorter ones are padded on the left.</param>
    /// <param name="device">Where the tensor is made.</param>
    public static (Tensor Wanted, int Queries) In(HeadPattern pattern, IReadOnlyList<IReadOnlyList<int>> examples, Device device)
    {
        var width = examples.Max(ids => ids.Count);
        var wanted = new float[examples.Count * width * width];
        var queries = 0;
        foreach (var (example, ids) in examples.Index())
        {
            var padding = width - ids.Count;
            for (var query = 0; query < ids.Count; query++)
            {
                int[] keys = [.. KeysOf(pattern, ids, query)];
                if (keys.Length > 0) queries++;
                foreach (var key in keys) wanted[(((example * width) + padding + query) * width) + padding + key] = 1;
            }
        }

        return (tensor(wanted, [examples.Count, width, width], device: device), queries);
    }

    private static IEnumerable<int> KeysOf(HeadPattern pattern, IReadOnlyList<int> ids, int query) => pattern switch
    {
        _ when query == 0 => [],
        HeadPattern.PreviousToken => [query - 1],
        HeadPattern.AttentionToFirst => [0],
        HeadPattern.DuplicateToken => Enumerable.Range(0, query).Where(key => ids[key] == ids[query]),
        _ => Enumerable.Range(1, query - 1).Where(key => ids[key - 1] == ids[query]), // earlier than itself
    };
}
