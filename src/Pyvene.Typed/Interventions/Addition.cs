using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Adds the source's values to the base's (pyvene's <c>AdditionIntervention</c>; steering).</summary>
public sealed record Addition : Intervention
{
    /// <inheritdoc/>
    public override string Type => "addition";

    /// <inheritdoc/>
    public override SourceNeed Source => SourceNeed.Required;

    /// <inheritdoc/>
    internal override bool IsAdditive => true;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => @base.add(source!, Scalars.Of(1));
}
