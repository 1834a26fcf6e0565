namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>A list or a tuple of a template; it never changes once made.</summary>
/// <exception cref="Pyvene.Typed.Errors.ChatTemplateException">It is nested too deeply.</exception>
internal sealed class TemplateList(IReadOnlyList<object?> items, bool isTuple = false)
{
    public IReadOnlyList<object?> Items { get; } = items;

    public bool IsTuple { get; } = isTuple;

    /// <summary>Gets how many lists and dictionaries stand in one another here, with this.</summary>
    public int Depth { get; } = ValueDepth.Around(items);
}
