using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Is one of the library's models; it names its inputs and outputs itself.</summary>
/// <param name="model">The model; it stays the caller's.</param>
internal sealed class GoldenPretrained(PretrainedModel model) : IGoldenModel
{
    /// <inheritdoc/>
    public nn.Module Module => model;

    /// <inheritdoc/>
    public ModelInputs Inputs(GoldenCase golden) => ModelCall.Inputs(golden, golden.Required("inputs"));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> RealArguments(GoldenCase golden, ModelInputs inputs) =>
        InputField.All.Where(field => field.IsReal && inputs[field] is not null).ToDictionary(field => field.Name, field => inputs[field]!);

    /// <inheritdoc/>
    public ModelOutput Call(ModelInputs inputs) => model.call(inputs);

    /// <inheritdoc/>
    public ModelOutput Named(GoldenCase golden, ModelOutput output) => output;
}
