using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>Is an adaptor that a function of the program's own computes.</summary>
internal sealed record FunctionAdaptor(Func<Tensor, Tensor, Tensor> Function) : Adaptor
{
    /// <inheritdoc/>
    public override string Type => "adaptor";

    /// <inheritdoc/>
    public override Tensor Adapt(Tensor output, Tensor input, Tensor? features) => Function(output, input);

    /// <inheritdoc/>
    public override JsonObject ToParameters() => throw CustomIntervention.Unwritable(Type, nameof(Adaptor));
}
