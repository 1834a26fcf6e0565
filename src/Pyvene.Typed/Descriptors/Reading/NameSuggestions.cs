using System.Collections.Generic;
using System.Linq;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Says in a message what a misspelt name was probably meant to be.</summary>
internal static class NameSuggestions
{
    private const int LongestName = 128;
    private const int MostNames = 24;

    /// <summary>Returns <c>did you mean 'mlp_output'?</c>, or what is known when nothing is near.</summary>
    /// <param name="name">The misspelt name.</param>
    /// <param name="candidates">The names that are known.</param>
    public static string For(string name, IEnumerable<string> candidates)
    {
        var known = candidates.Distinct().ToArray();
        return name.Length <= LongestName && NearestName.Of(name, known) is { } nearest ? $"did you mean '{nearest}'?"
            : known.Length == 0 ? "none is declared"
            : $"known are {string.Join(", ", known.Take(MostNames))}{(known.Length > MostNames ? $" and {known.Length - MostNames} more" : "")}";
    }
}
