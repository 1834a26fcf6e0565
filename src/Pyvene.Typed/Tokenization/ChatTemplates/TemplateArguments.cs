namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>The arguments of a call, not evaluated yet.</summary>
internal sealed record TemplateArguments(IReadOnlyList<TemplateExpression> Positional, IReadOnlyList<(string Name, TemplateExpression Value)> Named)
{
    public static TemplateArguments None { get; } = new([], []);
}
