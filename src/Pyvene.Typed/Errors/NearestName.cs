namespace Pyvene.Typed.Errors;

/// <summary>Finds the name that a misspelt one was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>Returns <c> Did you mean 'mlp_output'?</c> or an empty text when nothing is near.</summary>
    public static string Suggestion(string name, IEnumerable<string> candidates)
    {
        var (nearest, distance) = candidates.Select(candidate => (candidate, Distance(name, candidate))).OrderBy(pair => pair.Item2).FirstOrDefault();
        return nearest is not null && distance <= Math.Max(2, name.Length / 3) ? $" Did you mean '{nearest}'?" : "";
    }

    /// <summary>Returns the Levenshtein distance of two words.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
