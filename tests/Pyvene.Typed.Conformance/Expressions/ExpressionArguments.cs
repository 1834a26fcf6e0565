using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Expressions;

/// <summary>What the names of an expression stand for.</summary>
/// <param name="values">The values by name; null where the run has none.</param>
internal sealed class ExpressionArguments(IReadOnlyDictionary<string, Tensor?> values)
{
    /// <summary>Returns the value of a name.</summary>
    /// <exception cref="InvalidOperationException">The run gave the name no value.</exception>
    public Tensor this[string name] =>
        values.GetValueOrDefault(name) ?? throw new InvalidOperationException($"the expression uses '{name}', but the run has none");
}
