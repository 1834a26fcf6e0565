using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Returns the values at the place with the result of the run and changes nothing (pyvene's <c>CollectIntervention</c>).</summary>
public sealed record Collect : SourcelessIntervention
{
    /// <inheritdoc/>
    public override string Type => "collect";

    /// <inheritdoc/>
    public override bool Writes => false;

    /// <inheritdoc/>
    public override Tensor? Apply(Tensor @base, Tensor? source, Tensor? features) => null;
}
