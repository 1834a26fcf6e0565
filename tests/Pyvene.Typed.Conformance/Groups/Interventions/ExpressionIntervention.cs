using System.Collections.Immutable;
using Pyvene.Typed.Conformance.Expressions;
using Pyvene.Typed.Interventions;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Computes the expression of a <c>lambda</c> case.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Subspaces">The subspaces as the case passes them, a list an example; null = none. They do not narrow the place.</param>
internal sealed record ExpressionIntervention(Expression Expression, ImmutableArray<int[]>? Subspaces) : Intervention
{
    /// <inheritdoc/>
    public override string Type => "lambda";

    /// <inheritdoc/>
    public override SourceNeed Source => Expression.UsesSource ? SourceNeed.Required : SourceNeed.None;

    /// <inheritdoc/>
    public override Tensor? Apply(Tensor @base, Tensor? source, Tensor? features) => Expression.Evaluate(@base, source, Table(@base.device));

    private Tensor? Table(Device device) => Subspaces is not { } rows ? null
        : tensor(rows.SelectMany(row => row.Select(index => (long)index)).ToArray(), [rows.Length, rows[0].Length], device: device); // [batch, subspace]
}
