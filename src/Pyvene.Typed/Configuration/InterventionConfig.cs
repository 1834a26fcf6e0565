using System.Collections.Immutable;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Configuration;

/// <summary>Describes a whole experiment as plain data; it can be saved as JSON, loaded, compared and bound to a model. Immutable.</summary>
/// <remarks>
/// Two are equal when they describe the same experiment. Interventions that hold tensors are compared by type, sizes and settings, and by which of them share
/// their tensors; the tensors themselves are no part of a description.
/// </remarks>
public sealed partial record InterventionConfig
{
    /// <summary>The version of the JSON form that this library writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Gets the key of the architecture, such as <c>gpt2</c>; <see langword="null"/> when only module paths are used.</summary>
    public string? Architecture { get; init; }

    /// <summary>Gets how the sources come together.</summary>
    public CompositionMode Mode { get; init; }

    /// <summary>Gets the number of sources that a run takes.</summary>
    public int Sources { get; init; }

    /// <summary>Gets the interventions; at one place they act in this order.</summary>
    public ImmutableArray<InterventionSpec> Interventions { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <inheritdoc/>
    public bool Equals(InterventionConfig? other) =>
        other is not null && Architecture == other.Architecture && Mode == other.Mode && Sources == other.Sources
        && Interventions.SequenceEqual(other.Interventions, InterventionSpecComparer.Instance) && Links().SequenceEqual(other.Links());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Architecture, Mode, Sources, Interventions.Length);

    /// <summary>Returns for every intervention the first one that has the same tensors, or itself.</summary>
    private IEnumerable<int> Links()
    {
        object[] owners = [.. Interventions.Select(spec => spec.Intervention is IStatefulIntervention stateful ? stateful.StateOwner : spec)];
        return owners.Select((owner, index) => owner is InterventionSpec ? index : Array.FindIndex(owners, other => ReferenceEquals(other, owner)));
    }
}
