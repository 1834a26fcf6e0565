using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Replaces the base's values by the source's (pyvene's <c>VanillaIntervention</c>; activation patching).</summary>
public sealed record Interchange : Intervention
{
    /// <inheritdoc/>
    public override string Type => "interchange";

    /// <inheritdoc/>
    public override SourceNeed Source => SourceNeed.Required;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => source!.alias();
}
