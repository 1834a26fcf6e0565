namespace Pyvene.Typed.Conformance.Expressions;

/// <summary>What a part of an expression is.</summary>
internal enum ExpressionTokenKind
{
    /// <summary>A name: a value or a function.</summary>
    Name,

    /// <summary>A number without a sign.</summary>
    Number,

    /// <summary>An operator, a bracket, a comma or a dot.</summary>
    Sign,

    /// <summary>The end of the text.</summary>
    End,
}
