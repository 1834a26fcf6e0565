namespace Pyvene.Typed.Interventions;

/// <summary>Is the base of interventions that read no source, so that an experiment with one of them takes none.</summary>
public abstract record SourcelessIntervention : Intervention
{
    /// <inheritdoc/>
    public sealed override SourceNeed Source => SourceNeed.None;
}
