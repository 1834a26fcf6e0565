using System.Collections.Immutable;

namespace Pyvene.Typed.Configuration;

/// <summary>Describes a whole experiment as plain data; it can be saved as JSON, loaded, compared and bound to a model. Immutable.</summary>
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
    public ImmutableArray<InterventionSpec> Interventions { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(InterventionConfig? other) =>
        other is not null && Architecture == other.Architecture && Mode == other.Mode && Sources == other.Sources && Interventions.SequenceEqual(other.Interventions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Architecture, Mode, Sources, Interventions.Length);
}
