using System.Text.Json.Nodes;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>Gives interventions of a configuration that have the same link the same state.</summary>
/// <remarks>
/// Disposing it disposes the modules of all interventions that were read, unless they are to be kept: those of a text that turned out to be wrong belong to
/// nobody.
/// </remarks>
internal sealed class LinkedInterventions : IDisposable
{
    private readonly Dictionary<int, Intervention> first = [];
    private readonly List<Intervention> read = [];

    /// <summary>Gives the modules to the caller.</summary>
    public void Keep() => read.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var intervention in read)
        {
            Dispose(intervention);
        }
    }

    /// <summary>Returns the first intervention that had this link, or the given one.</summary>
    /// <exception cref="InterventionException">They are of different types or sizes, or have no state to share.</exception>
    public Intervention Resolve(Intervention intervention, JsonPlace? link)
    {
        read.Add(intervention);
        if (link is not { } field)
        {
            return intervention;
        }

        if (intervention is not IStatefulIntervention)
        {
            throw new InterventionException(
                field.Path, $"'{field.Path}': '{intervention.Type}' holds no tensors, so there is nothing to share; leave the link out.");
        }

        if (first.TryAdd(field.Integer(), intervention))
        {
            return intervention;
        }

        var shared = first[field.Integer()];
        if (shared.Type != intervention.Type || !JsonNode.DeepEquals(shared.ToParameters(), intervention.ToParameters()))
        {
            throw new InterventionException(field.Path, $"'{field.Path}': what is linked must have the same type and parameters, but one is '{shared.Type}' "
                + $"{shared.ToParameters()?.ToJsonString()} and one '{intervention.Type}' {intervention.ToParameters()?.ToJsonString()}.");
        }

        read.Remove(intervention);
        Dispose(intervention);
        return shared;
    }

    private static void Dispose(Intervention intervention) => ((intervention as IStatefulIntervention)?.StateOwner as IDisposable)?.Dispose();
}
