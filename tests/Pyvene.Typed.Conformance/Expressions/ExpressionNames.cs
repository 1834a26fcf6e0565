using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Expressions;

/// <summary>Says what the names of an expression can stand for.</summary>
/// <param name="IsValue">Whether a name is a value.</param>
/// <param name="Values">The values in words, for messages.</param>
/// <param name="ModuleAt">Finds what is called by a path such as <c>blocks.left</c>; null where there is no such module.</param>
internal sealed record ExpressionNames(Func<string, bool> IsValue, string Values, Func<string, Func<Tensor, Tensor>?> ModuleAt)
{
    /// <summary>What a case's <c>lambda</c> intervention can name.</summary>
    public static ExpressionNames OfInterventions { get; } =
        new(name => name is "base" or "source" or "subspaces", "base, source and subspaces", _ => null);
}
