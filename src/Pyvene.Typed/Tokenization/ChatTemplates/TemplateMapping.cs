namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>A dictionary of a template, in the order of its keys; it never changes once made.</summary>
internal sealed class TemplateMapping(OrderedDictionary<object, object?> entries)
{
    public OrderedDictionary<object, object?> Entries { get; } = entries;
}
