using System.Text.Json.Nodes;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;

namespace Pyvene.Typed.Configuration;

/// <summary>Compares what two interventions are described as: those that hold tensors by type and parameters, not by the tensors.</summary>
internal sealed class InterventionSpecComparer : IEqualityComparer<InterventionSpec>
{
    private static readonly Collect Same = new();

    public static InterventionSpecComparer Instance { get; } = new();

    public bool Equals(InterventionSpec? x, InterventionSpec? y) => x is null || y is null
        ? x is null && y is null
        : AreAlike(x.Intervention, y.Intervention) && x with { Intervention = Same } == y with { Intervention = Same };

    public int GetHashCode(InterventionSpec obj) => HashCode.Combine(obj.Intervention.Type, obj.Site, obj.Source);

    private static bool AreAlike(Intervention left, Intervention right) => left is IStatefulIntervention && right is IStatefulIntervention
        ? left.Type == right.Type && left.Writes == right.Writes && (left as Learned)?.Collects == (right as Learned)?.Collects
            && JsonNode.DeepEquals(left.ToParameters(), right.ToParameters())
        : left == right;
}
