using System.Collections.Immutable;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Configuration;

/// <summary>Refuses interventions that collect under one name: a run finds what was collected by it.</summary>
internal static class SameName
{
    /// <summary>Checks the interventions of an experiment.</summary>
    /// <exception cref="InterventionException">Two that collect have the same name.</exception>
    public static void Refuse(ImmutableArray<InterventionSpec> interventions)
    {
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, spec) in interventions.Index())
        {
            if (spec is { Name: { } name, Intervention.Writes: false } && !indices.TryAdd(name, index))
            {
                throw new InterventionException(
                    $"interventions[{index}].name",
                    $"'interventions[{index}].name' must be a name of its own, since a run finds what is collected by it, but "
                        + $"'interventions[{indices[name]}]' collects as \"{name}\" too.");
            }
        }
    }
}
