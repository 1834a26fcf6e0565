using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Subtracts the source's values from the base's (pyvene's <c>SubtractionIntervention</c>).</summary>
public sealed record Subtraction : Intervention
{
    /// <inheritdoc/>
    public override string Type => "subtraction";

    /// <inheritdoc/>
    public override SourceNeed Source => SourceNeed.Required;

    /// <inheritdoc/>
    internal override bool IsAdditive => true;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => @base - source!;
}
