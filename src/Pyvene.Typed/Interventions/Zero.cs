using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Replaces the values by zeros (pyvene's <c>ZeroIntervention</c>; zero ablation).</summary>
public sealed record Zero : SourcelessIntervention
{
    /// <inheritdoc/>
    public override string Type => "zero";


    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => zeros_like(@base);
}
