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

    /// <summary>Gets a name by which results are found, such as the one of a collecting step; <see langword="null"/> = none.</summary>
    public string? Name { get; init; }
}
