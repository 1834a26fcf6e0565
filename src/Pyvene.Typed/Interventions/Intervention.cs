using System.Text.Json;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Is what is done to the values at a place. Derive from it for an intervention of your own; a few lines are enough.</summary>
/// <remarks>An intervention is a value: it must not keep a state between calls. Records give it the comparison that configurations need.</remarks>
public abstract record Intervention
{
    /// <summary>Gets the name that configurations use, such as <c>interchange</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Gets whether a source is read.</summary>
    public virtual SourceNeed Source => SourceNeed.None;

    /// <summary>Gets whether values are written back; a collecting intervention only looks.</summary>
    public virtual bool Writes => true;

    /// <summary>Gets whether the source is read at the input of the module whose output is written, as skipping a module does.</summary>
    public virtual bool ReadsModuleInput => false;

    /// <summary>Returns the values that replace the ones at the place.</summary>
    /// <param name="base">The values at the place: [batch, unit …, width]. They are not to be written into, nor disposed.</param>
    /// <param name="source">The values read in the source, of the same shape, or <see langword="null"/>.</param>
    /// <param name="features">The features of the place: int64 [1 or batch, feature], or <see langword="null"/> when it has all. The values hold these features only.</param>
    /// <returns>The new values, of the shape of <paramref name="base"/>; <see langword="null"/> = nothing is written. They are disposed with the run.</returns>
    public abstract Tensor? Apply(Tensor @base, Tensor? source, Tensor? features);

    /// <summary>Writes the field <c>parameters</c>, for interventions that have any.</summary>
    internal virtual void WriteParameters(Utf8JsonWriter json)
    {
    }
}
