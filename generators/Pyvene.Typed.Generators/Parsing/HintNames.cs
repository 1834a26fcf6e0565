using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Names generated files. The compiler compares their names without case, and a name that comes twice costs all that the generator writes.</summary>
internal static class HintNames
{
    /// <summary>
    /// Returns the names of files in the order of their types: the short one where no other type has it in any case of letters, else one made from the full
    /// name, which no order changes.
    /// </summary>
    /// <param name="types">Every type, once: its short name and its full one.</param>
    public static IReadOnlyList<string> For(IReadOnlyList<(string Short, string Full)> types)
    {
        var shared = new HashSet<string>(
            types.GroupBy(type => type.Short, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key),
            StringComparer.OrdinalIgnoreCase);
        return [.. types.Select(type => shared.Contains(type.Short) ? $"{type.Short}-{Hash(type.Full)}" : type.Short)];
    }

    // FNV-1a over the characters: string.GetHashCode differs from run to run.
    private static string Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text) hash = unchecked((hash ^ character) * 1099511628211UL);
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
