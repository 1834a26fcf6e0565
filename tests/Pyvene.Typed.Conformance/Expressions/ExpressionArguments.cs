using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Expressions;

/// <summary>What the names of an expression stand for.</summary>
/// <param name="Base">The values at the place.</param>
/// <param name="Source">The values read in the source, where there are any.</param>
/// <param name="Subspaces">The features or partitions, where there are any.</param>
internal sealed record ExpressionArguments(Tensor Base, Tensor? Source, Tensor? Subspaces)
{
    /// <summary>Returns the value of a name that is known to exist.</summary>
    /// <exception cref="InvalidOperationException">The run gave the name no value.</exception>
    public Tensor this[string name] => (name switch { "base" => Base, "source" => Source, _ => Subspaces })
        ?? throw new InvalidOperationException($"the expression uses '{name}', but the run has none");

    /// <summary>Whether a name is one of the arguments.</summary>
    public static bool Has(string name) => name is "base" or "source" or "subspaces";
}
