using System.Text.Json.Nodes;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>
/// Applies a function of your own (pyvene's <c>LambdaIntervention</c>). It cannot be written to JSON; derive from <see cref="Intervention"/> for one that can.
/// </summary>
/// <param name="Function">
/// Takes the base's values, the source's when there are any, and the features; returns the new values, or <see langword="null"/> to write nothing.
/// </param>
/// <param name="Name">The name that messages and receipts use.</param>
/// <param name="Need">Whether it reads a source.</param>
public sealed record CustomIntervention(Func<Tensor, Tensor?, Tensor?, Tensor?> Function, string Name = "custom", SourceNeed Need = SourceNeed.Optional)
    : Intervention
{
    /// <summary>Gets whether the function may return <see langword="null"/> for no change; functions whose type says otherwise may not.</summary>
    internal bool MayKeep { get; init; } = true;

    /// <inheritdoc/>
    public override string Type => Name;

    /// <inheritdoc/>
    public override SourceNeed Source => Need;

    /// <inheritdoc/>
    public override Tensor? Apply(Tensor @base, Tensor? source, Tensor? features) => Function(@base, source, features);

    /// <inheritdoc/>
    public override JsonObject ToParameters() => throw Unwritable(Name, nameof(Intervention));

    internal static InterventionException Unwritable(string name, string record) => new(
        "type",
        $"The intervention '{name}' is a function, which cannot be written to JSON. Derive a record from {record} and register it in InterventionTypes.");
}
