namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>A statement of a template.</summary>
internal abstract record TemplateStatement
{
    /// <summary>Text as it stands.</summary>
    internal sealed record Text(string Value) : TemplateStatement;

    /// <summary><c>{{ a }}</c></summary>
    internal sealed record Output(TemplateExpression Value) : TemplateStatement;

    /// <summary><c>{% if a %}</c> with all its branches; the last condition may be null.</summary>
    internal sealed record If(IReadOnlyList<(TemplateExpression? Condition, IReadOnlyList<TemplateStatement> Body)> Branches) : TemplateStatement;

    /// <summary><c>{% for a in b if c %}</c></summary>
    internal sealed record For(
        TemplateExpression Target,
        TemplateExpression Items,
        TemplateExpression? Condition,
        IReadOnlyList<TemplateStatement> Body,
        IReadOnlyList<TemplateStatement> Otherwise) : TemplateStatement;

    /// <summary><c>{% set a = b %}</c></summary>
    internal sealed record Set(TemplateExpression Target, TemplateExpression Value) : TemplateStatement;

    /// <summary><c>{% set a %}…{% endset %}</c></summary>
    internal sealed record SetBlock(TemplateExpression Target, IReadOnlyList<TemplateStatement> Body) : TemplateStatement;

    /// <summary><c>{% macro a(b, c=d) %}</c></summary>
    internal sealed record Macro(
        string Identifier,
        IReadOnlyList<(string Name, TemplateExpression? Default)> Parameters,
        IReadOnlyList<TemplateStatement> Body) : TemplateStatement;

    /// <summary>Statements with names of their own.</summary>
    internal sealed record Scoped(IReadOnlyList<TemplateStatement> Body) : TemplateStatement;

    /// <summary><c>{% break %}</c></summary>
    internal sealed record Break : TemplateStatement;

    /// <summary><c>{% continue %}</c></summary>
    internal sealed record Continue : TemplateStatement;
}
