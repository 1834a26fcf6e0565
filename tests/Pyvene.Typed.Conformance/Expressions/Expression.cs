using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Expressions;

/// <summary>An expression over gathered values, such as <c>where(base &gt; 0.0, base, 0.1*base)</c>: what a case's <c>lambda</c> intervention computes.</summary>
/// <remarks>
/// The names are <c>base</c>, <c>source</c> and <c>subspaces</c>. There are numbers, <c>+ - * /</c>, comparisons, indexing by an integer, and the functions of
/// <see cref="ExpressionFunctions"/>, called as <c>relu(base)</c> or <c>base.relu()</c>; they bind as in Python. <c>none</c> writes nothing.
/// </remarks>
internal static class Expression
{
    /// <summary>Compiles an expression.</summary>
    /// <param name="text">The expression.</param>
    /// <returns>A function of base, source and subspaces. Its result is fresh or one of its arguments; it is null for <c>none</c>.</returns>
    /// <exception cref="FormatException">The text is no expression; the message says where.</exception>
    public static Func<Tensor, Tensor?, Tensor?, Tensor?> Compile(string text)
    {
        if (text.Trim() is "none") return (_, _, _) => null;
        var evaluate = new ExpressionParser(text).Parse();
        return (@base, source, subspaces) => evaluate(new ExpressionArguments(@base, source, subspaces));
    }
}
