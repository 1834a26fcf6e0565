using System.Text.Json.Nodes;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Json;

namespace Pyvene.Typed.Configuration;

/// <summary>Gives interventions of a configuration that have the same link the same state.</summary>
internal sealed class LinkedInterventions
{
    private readonly Dictionary<int, Intervention> first = [];

    /// <summary>Returns the first intervention that had this link, or the given one.</summary>
    /// <exception cref="InterventionException">They are of different types or sizes, or have no state to share.</exception>
    public Intervention Resolve(Intervention intervention, JsonPlace? link)
    {
        if (link is not { } field)
        {
            return intervention;
        }

        if (intervention is not IStatefulIntervention)
        {
            throw new InterventionException(field.Path, $"'{field.Path}': '{intervention.Type}' holds no tensors, so there is nothing to share; leave the link out.");
        }

        if (first.TryAdd(field.Integer(), intervention))
        {
            return intervention;
        }

        var shared = first[field.Integer()];
        return shared.Type == intervention.Type && JsonNode.DeepEquals(shared.ToParameters(), intervention.ToParameters())
            ? shared
            : throw new InterventionException(field.Path, $"'{field.Path}': what is linked must have the same type and parameters, but one is '{shared.Type}' {shared.ToParameters()?.ToJsonString()} and one '{intervention.Type}' {intervention.ToParameters()?.ToJsonString()}.");
    }
}
