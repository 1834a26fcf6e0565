using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Replaces a module's output by the input that the module had in the source run, as if it were left out (pyvene's <c>SkipIntervention</c>).</summary>
public sealed record Skip : Intervention
{
    /// <inheritdoc/>
    public override string Type => "skip";

    /// <inheritdoc/>
    public override SourceNeed Source => SourceNeed.Required;

    /// <inheritdoc/>
    public override bool ReadsModuleInput => true;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => source!.alias();
}
