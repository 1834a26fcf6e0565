namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>An expression of a template.</summary>
internal abstract record TemplateExpression
{
    /// <summary>A value that stands in the template.</summary>
    internal sealed record Constant(object? Value) : TemplateExpression;

    /// <summary>A variable.</summary>
    internal sealed record Name(string Identifier) : TemplateExpression;

    /// <summary>A list or a tuple.</summary>
    internal sealed record Sequence(IReadOnlyList<TemplateExpression> Items, bool IsTuple) : TemplateExpression;

    /// <summary>A dictionary.</summary>
    internal sealed record Mapping(IReadOnlyList<(TemplateExpression Key, TemplateExpression Value)> Items) : TemplateExpression;

    /// <summary><c>a.b</c></summary>
    internal sealed record Member(TemplateExpression Target, string Identifier) : TemplateExpression;

    /// <summary><c>a[b]</c></summary>
    internal sealed record Item(TemplateExpression Target, TemplateExpression Key) : TemplateExpression;

    /// <summary><c>a[b:c:d]</c></summary>
    internal sealed record Slice(TemplateExpression Target, TemplateExpression? Start, TemplateExpression? Stop, TemplateExpression? Step) : TemplateExpression;

    /// <summary><c>a(b, c=d)</c></summary>
    internal sealed record Call(TemplateExpression Target, TemplateArguments Arguments) : TemplateExpression;

    /// <summary><c>a | b(c)</c></summary>
    internal sealed record Filter(TemplateExpression Target, string Identifier, TemplateArguments Arguments) : TemplateExpression;

    /// <summary><c>a is b(c)</c></summary>
    internal sealed record Test(TemplateExpression Target, string Identifier, TemplateArguments Arguments) : TemplateExpression;

    /// <summary><c>-a</c>, <c>+a</c>, <c>not a</c></summary>
    internal sealed record Unary(string Operator, TemplateExpression Operand) : TemplateExpression;

    /// <summary>Arithmetic, <c>~</c>, <c>and</c>, <c>or</c>.</summary>
    internal sealed record Binary(string Operator, TemplateExpression Left, TemplateExpression Right) : TemplateExpression;

    /// <summary><c>a &lt; b &lt; c</c></summary>
    internal sealed record Comparison(TemplateExpression First, IReadOnlyList<(string Operator, TemplateExpression Operand)> Rest) : TemplateExpression;

    /// <summary><c>a if b else c</c></summary>
    internal sealed record Conditional(TemplateExpression Condition, TemplateExpression Then, TemplateExpression? Otherwise) : TemplateExpression;
}
