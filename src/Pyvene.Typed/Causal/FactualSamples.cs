using static TorchSharp.torch;

namespace Pyvene.Typed.Causal;

/// <summary>Is a set of examples of what a causal model computes. Immutable.</summary>
public sealed class FactualSamples
{
    private readonly CausalModel model;

    internal FactualSamples(CausalModel model, CausalSettings inputs, CausalSettings labels) => (this.model, Inputs, Labels) = (model, inputs, labels);

    /// <summary>Gets the number of examples.</summary>
    public int Count => Labels.Count;

    /// <summary>Gets the inputs.</summary>
    public CausalSettings Inputs { get; }

    /// <summary>Gets what the model computes of each input: the values of all variables.</summary>
    public CausalSettings Labels { get; }

    /// <summary>Makes a tensor of the inputs, by name.</summary>
    /// <returns>[example, numbers], float32; the caller disposes it.</returns>
    public Tensor InputTensor() => Inputs.ToTensor(model.Inputs);

    /// <summary>Makes a tensor of the outputs, by name.</summary>
    /// <returns>[example, numbers], float32; the caller disposes it.</returns>
    public Tensor LabelTensor() => Labels.ToTensor(model.Outputs);
}
