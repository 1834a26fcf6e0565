namespace Pyvene.Typed.Interventions;

/// <summary>Says whether an intervention reads a source.</summary>
public enum SourceNeed
{
    /// <summary>It reads none.</summary>
    None,

    /// <summary>It reads one when there is one.</summary>
    Optional,

    /// <summary>It does nothing without one.</summary>
    Required,
}
