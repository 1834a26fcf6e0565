using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Causal;

/// <summary>Is a set of examples of what a causal model computes under interchanges. Immutable.</summary>
public sealed class CounterfactualSet
{
    private readonly CausalModel model;

    internal CounterfactualSet(
        CausalModel model, CausalSettings inputs, ImmutableArray<CausalSettings> sources, CausalSettings labels, CausalSettings baseLabels,
        ImmutableArray<long> interventionIds)
    {
        this.model = model;
        (Inputs, Sources, Labels, BaseLabels, InterventionIds) = (inputs, sources, labels, baseLabels, interventionIds);
    }

    /// <summary>Gets the number of examples.</summary>
    public int Count => Labels.Count;

    /// <summary>Gets the base inputs.</summary>
    public CausalSettings Inputs { get; }

    /// <summary>
    /// Gets as many lists as there are intermediate variables: an example's sources stand first, in the order of the variables that it intervenes on, and its
    /// other entries are empty (pyvene's layout).
    /// </summary>
    public ImmutableArray<CausalSettings> Sources { get; }

    /// <summary>Gets what the model computes under the interchange: the values of all variables.</summary>
    public CausalSettings Labels { get; }

    /// <summary>Gets what the model computes of the base inputs: the values of all variables.</summary>
    public CausalSettings BaseLabels { get; }

    /// <summary>Gets what is intervened on in each example: bit i stands for intermediate variable i.</summary>
    public ImmutableArray<long> InterventionIds { get; }

    /// <summary>Makes a tensor of the base inputs, by name.</summary>
    /// <returns>[example, numbers], float32; the caller disposes it.</returns>
    public Tensor InputTensor() => Inputs.ToTensor(model.Inputs);

    /// <summary>Makes a tensor of the sources' inputs; zeros where an example has fewer sources.</summary>
    /// <returns>[example, intermediate variable, numbers], float32; the caller disposes it.</returns>
    public Tensor SourceTensor()
    {
        using var scope = NewDisposeScope();
        return stack([.. Sources.Select(source => source.ToTensor(model.Inputs))], dim: 1).MoveToOuterDisposeScope();
    }

    /// <summary>Makes a tensor of the outputs under the interchange, by name.</summary>
    /// <returns>[example, numbers], float32; the caller disposes it.</returns>
    public Tensor LabelTensor() => Labels.ToTensor(model.Outputs);

    /// <summary>Makes a tensor of the outputs of the base inputs, by name.</summary>
    /// <returns>[example, numbers], float32; the caller disposes it.</returns>
    public Tensor BaseLabelTensor() => BaseLabels.ToTensor(model.Outputs);

    /// <summary>Makes a tensor of <see cref="InterventionIds"/>.</summary>
    /// <returns>[example, 1], int64; the caller disposes it.</returns>
    public Tensor InterventionIdTensor() => tensor(InterventionIds.ToArray(), [Count, 1], dtype: int64);
}
