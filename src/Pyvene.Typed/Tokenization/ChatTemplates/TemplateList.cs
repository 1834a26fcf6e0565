namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>A list or a tuple of a template; it never changes once made.</summary>
internal sealed class TemplateList(IReadOnlyList<object?> items, bool isTuple = false)
{
    public IReadOnlyList<object?> Items { get; } = items;

    public bool IsTuple { get; } = isTuple;
}
