using System;
using System.Collections.Generic;
using System.Linq;

namespace Pyvene.Typed.Errors;

/// <summary>Finds the name that a misspelt one was probably meant to be. The generator compiles this file too, so that both suggest the same.</summary>
internal static class NearestName
{
    // Names are short and few; what comes from a file need not be.
    private const int Longest = 100;
    private const int MostCandidates = 10_000;

    /// <summary>Returns <c> Did you mean 'mlp_output'?</c> or an empty text when nothing is near.</summary>
    /// <param name="name">The misspelt name.</param>
    /// <param name="candidates">The names that are known.</param>
    public static string Suggestion(string name, IEnumerable<string> candidates) => Of(name, candidates) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>Returns the name that was probably meant, or <see langword="null"/> when nothing is near.</summary>
    /// <param name="name">The misspelt name.</param>
    /// <param name="candidates">The names that are known; of equally near ones the first counts.</param>
    /// <param name="leastTolerance">How many letters may differ even in a short name; a third of them may in any.</param>
    public static string? Of(string name, IEnumerable<string> candidates, int leastTolerance = 2)
    {
        if (name.Length > Longest) return null;

        var tolerance = Math.Max(leastTolerance, name.Length / 3);
        var near = candidates.Where(candidate => candidate.Length <= Longest
            && (IsSame(name, candidate) || Math.Abs(candidate.Length - name.Length) <= tolerance)).Take(MostCandidates);
        var nearest = near.Select(candidate => (Name: candidate, Distance: Distance(name, candidate))).OrderBy(pair => pair.Distance).FirstOrDefault();
        return nearest.Name is not null && nearest.Distance <= tolerance ? nearest.Name : null;
    }

    // Names that differ in case and underscores alone are the same name.
    private static bool IsSame(string left, string right) => string.Equals(left.Replace("_", ""), right.Replace("_", ""), StringComparison.OrdinalIgnoreCase);

    // Levenshtein: the number of letters to insert, drop or replace.
    private static int Distance(string left, string right)
    {
        if (IsSame(left, right)) return 0;

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

        return previous[right.Length];
    }
}
