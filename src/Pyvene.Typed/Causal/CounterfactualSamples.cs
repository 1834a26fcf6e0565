using System.Collections.Immutable;
using System.Numerics;
using static TorchSharp.torch;

namespace Pyvene.Typed.Causal;

/// <summary>Is a set of examples of what a causal model computes under interchanges. Immutable.</summary>
public sealed class CounterfactualSamples
{
    internal CounterfactualSamples(
        CausalModel model, CausalSettings inputs, ImmutableArray<CausalSettings> sources, CausalSettings labels, CausalSettings baseLabels,
        ImmutableArray<long> interventionIds)
    {
        Model = model;
        (Inputs, Sources, Labels, BaseLabels, InterventionIds) = (inputs, sources, labels, baseLabels, interventionIds);
    }

    /// <summary>Gets the number of examples.</summary>
    public int Count => Labels.Count;

    /// <summary>Gets the model that computed them.</summary>
    internal CausalModel Model { get; }

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
    public Tensor InputTensor() => Inputs.ToTensor(Model.Inputs);

    /// <summary>Makes a tensor of the sources' inputs; zeros where an example has fewer sources.</summary>
    /// <returns>[example, intermediate variable, numbers], float32; the caller disposes it.</returns>
    public Tensor SourceTensor()
    {
        using var scope = NewDisposeScope();
        return stack([.. Sources.Select(source => source.ToTensor(Model.Inputs))], dim: 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Returns the sources of one intermediate variable; an example that does not intervene on it has its base input, of which nothing is read.
    /// </summary>
    /// <param name="bit">The place of the variable among the intermediate ones.</param>
    internal CausalSettings SourcesOf(int bit) => CausalSettings.Chosen([Inputs, .. Sources], row =>
        (InterventionIds[row] >> bit & 1) == 0 ? 0 : 1 + BitOperations.PopCount((ulong)InterventionIds[row] & ((1UL << bit) - 1)));

    /// <summary>Makes a tensor of the outputs under the interchange, by name.</summary>
    /// <returns>[example, numbers], float32; the caller disposes it.</returns>
    public Tensor LabelTensor() => Labels.ToTensor(Model.Outputs);

    /// <summary>Makes a tensor of the outputs of the base inputs, by name.</summary>
    /// <returns>[example, numbers], float32; the caller disposes it.</returns>
    public Tensor BaseLabelTensor() => BaseLabels.ToTensor(Model.Outputs);

    /// <summary>Makes a tensor of <see cref="InterventionIds"/>.</summary>
    /// <returns>[example, 1], int64; the caller disposes it.</returns>
    public Tensor InterventionIdTensor() => tensor(InterventionIds.ToArray(), [Count, 1], dtype: int64);
}
