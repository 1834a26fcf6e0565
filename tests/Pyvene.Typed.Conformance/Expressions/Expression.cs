using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Expressions;

/// <summary>What a case's <c>lambda</c> intervention computes of gathered values, such as <c>where(base &gt; 0.0, base, 0.1*base)</c>.</summary>
/// <remarks>
/// The names are <c>base</c>, <c>source</c> and <c>subspaces</c>. There are numbers, <c>+ - * /</c>, comparisons, indexing by an integer, and the functions of
/// <see cref="ExpressionFunctions"/>, called as <c>relu(base)</c> or <c>base.relu()</c>; they bind as in Python. <c>none</c> writes nothing.
/// </remarks>
internal sealed class Expression
{
    private readonly string _text;
    private readonly Func<ExpressionArguments, Tensor?> _evaluate;

    private Expression(string text, Func<ExpressionArguments, Tensor?> evaluate, IReadOnlySet<string> names)
    {
        _text = text;
        _evaluate = evaluate;
        UsesSource = names.Contains("source");
    }

    /// <summary>Whether the expression reads the source.</summary>
    public bool UsesSource { get; }

    /// <summary>Compiles an expression.</summary>
    /// <exception cref="FormatException">The text is no expression; the message says where.</exception>
    public static Expression Compile(string text)
    {
        if (text.Trim() is "none") return new Expression(text, _ => null, new HashSet<string>());
        var parser = new ExpressionParser(text, ExpressionNames.OfInterventions);
        return new Expression(text, parser.Parse(), parser.Names);
    }

    /// <summary>Computes the expression.</summary>
    /// <returns>A fresh tensor or one of the arguments; null for <c>none</c>.</returns>
    /// <exception cref="InvalidOperationException">The expression names a value that is not given.</exception>
    public Tensor? Evaluate(Tensor @base, Tensor? source, Tensor? subspaces) =>
        _evaluate(new ExpressionArguments(new Dictionary<string, Tensor?> { ["base"] = @base, ["source"] = source, ["subspaces"] = subspaces }));

    /// <inheritdoc/>
    public override string ToString() => _text;
}
