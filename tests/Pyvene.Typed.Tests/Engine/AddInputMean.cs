using Pyvene.Typed.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>Adds to what a module returns the mean of what it was given in the same example, whatever axes both have.</summary>
public sealed record AddInputMean : Adaptor
{
    public override string Type => "add_input_mean";

    public override Tensor Adapt(Tensor output, Tensor input, Tensor? features) => output.is_floating_point()
        ? output + input.flatten(1).mean([1]).view([input.shape[0], .. Enumerable.Repeat(1L, (int)output.ndim - 1)]).to(output.dtype)
        : output;
}
