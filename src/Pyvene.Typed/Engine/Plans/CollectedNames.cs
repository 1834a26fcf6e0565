using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Engine;

/// <summary>Finds what was collected by the name of its intervention.</summary>
internal static class CollectedNames
{
    /// <summary>Returns what a named intervention kept.</summary>
    /// <exception cref="InterventionException">No collecting intervention has this name.</exception>
    public static T Named<T>(this IReadOnlyList<T> collected, string name)
        where T : class, ICollectedByName =>
        collected.FirstOrDefault(item => item.Name == name)
        ?? throw new InterventionException(
            "name",
            $"No collecting intervention is named '{name}'; there are "
                + $"{(collected.Count == 0 ? "none" : string.Join(", ", collected.Select(item => item.Name ?? "(unnamed)")))}.");
}
