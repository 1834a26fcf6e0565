using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Configuration;

/// <summary>Describes one intervention as plain data: what it does, where, and from which source.</summary>
public sealed record InterventionSpec
{
    /// <summary>Gets what the intervention does.</summary>
    public required Intervention Intervention { get; init => field = value ?? throw new ArgumentNullException(nameof(Intervention)); }

    /// <summary>Gets the place that it acts on.</summary>
    public required SiteSpec Site { get; init => field = value ?? throw new ArgumentNullException(nameof(Site)); }

    /// <summary>Gets which source it reads, from 0; ignored by interventions that need none.</summary>
    public int Source { get; init; }

    /// <summary>Gets a value that stands in for the source; <see langword="null"/> = the source run is read.</summary>
    public ConstantSource? Constant { get; init; }

    /// <summary>
    /// Gets the seed of a random direction in which every vector of the place is changed by as much as the intervention changes it, in its stead
    /// (<see cref="Control.MatchedRandom"/>); <see langword="null"/> = the intervention's own change counts.
    /// </summary>
    public long? MatchedRandom { get; init; }

    /// <summary>Gets a name by which results are found, such as the one of a collecting step; <see langword="null"/> = none.</summary>
    public string? Name { get; init; }
}
