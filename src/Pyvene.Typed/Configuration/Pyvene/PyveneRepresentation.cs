using System.Collections.Immutable;
using Pyvene.Typed.Interventions;

namespace Pyvene.Typed.Configuration;

/// <summary>Is one entry of <c>representations</c> in a configuration of pyvene (its <c>RepresentationConfig</c>): a place, and what is done there.
/// Immutable.</summary>
public sealed record PyveneRepresentation
{
    /// <summary>Gets the layer; ignored when <see cref="Component"/> is a module path.</summary>
    public int Layer { get; init; }

    /// <summary>Gets the component's name, or a module path that ends in <c>.input</c> or <c>.output</c>.</summary>
    public string Component { get; init; } = "block_output";

    /// <summary>
    /// Gets the unit: <c>pos</c>, <c>h</c>, a nested one such as <c>h.pos</c> or <c>sense.pos</c>, or <c>t</c>, the time steps of a recurrent model.
    /// </summary>
    public string Unit { get; init; } = "pos";

    /// <summary>Gets the number of units that trainable interventions act on as one, from 1.</summary>
    public int MaxUnits { get; init; } = 1;

    /// <summary>Gets the rank of a low-rank rotation, or the number of latents of a JumpReLU autoencoder.</summary>
    public int? LowRankDimension { get; init; }

    /// <summary>Gets the name of pyvene's class, such as <c>VanillaIntervention</c>; <see langword="null"/> for a function.</summary>
    public string? TypeName { get; init; }

    /// <summary>Gets what makes the intervention of a function from the subspaces of a call; <see langword="null"/> for a class.</summary>
    public Func<IReadOnlyList<IReadOnlyList<int>>?, Intervention>? Function { get; init; }

    /// <summary>Gets the features of every part of the space, by number; empty = the space is not divided.</summary>
    public ImmutableArray<ImmutableArray<int>> SubspacePartition { get; init; } = [];

    /// <summary>Gets which interventions read one source: equal keys read one; <see langword="null"/> = a source of its own.</summary>
    public int? GroupKey { get; init; }

    /// <summary>Gets which interventions share their weights: equal keys do, as JSON text.</summary>
    public string? LinkKey { get; init; }

    /// <summary>Gets the value that stands in for a source.</summary>
    public ConstantSource? Constant { get; init; }

    /// <summary>Gets whether the value that stands in for a source lies in the intervention's file.</summary>
    public bool HasStoredConstant { get; init; }

    /// <summary>Gets the number of latents of an autoencoder.</summary>
    public int? LatentDimension { get; init; }

    /// <summary>Gets how many features are acted on, from the first (pyvene's <c>interchange_dim</c>); <see langword="null"/> = all.</summary>
    public int? Dimension { get; init; }

    /// <summary>Gets which latents of an autoencoder are swapped; empty = pyvene's default.</summary>
    public ImmutableArray<int> Latents { get; init; } = [];

    /// <summary>Gets whether <see cref="Component"/> is a module path.</summary>
    internal bool IsModulePath => Component.EndsWith(".input", StringComparison.Ordinal) || Component.EndsWith(".output", StringComparison.Ordinal);

    /// <inheritdoc/>
    public bool Equals(PyveneRepresentation? other) =>
        other is not null
        && (Layer, Component, Unit, MaxUnits, LowRankDimension, TypeName)
            == (other.Layer, other.Component, other.Unit, other.MaxUnits, other.LowRankDimension, other.TypeName)
        && (GroupKey, LinkKey, HasStoredConstant, LatentDimension, Dimension)
            == (other.GroupKey, other.LinkKey, other.HasStoredConstant, other.LatentDimension, other.Dimension)
        && Latents.SequenceEqual(other.Latents)
        && Equals(Function, other.Function) && Equals(Constant, other.Constant)
        && SubspacePartition.Length == other.SubspacePartition.Length
        && SubspacePartition.Zip(other.SubspacePartition, (left, right) => left.SequenceEqual(right)).All(equal => equal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Layer, Component, Unit, MaxUnits, LowRankDimension, TypeName, GroupKey, LinkKey);
}
