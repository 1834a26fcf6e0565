namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>A dictionary of a template, in the order of its keys; it never changes once made.</summary>
/// <exception cref="Pyvene.Typed.Errors.ChatTemplateException">It is nested too deeply.</exception>
internal sealed class TemplateMapping(OrderedDictionary<object, object?> entries)
{
    public OrderedDictionary<object, object?> Entries { get; } = entries;

    /// <summary>Gets how many lists and dictionaries stand in one another here, with this.</summary>
    public int Depth { get; } = Math.Max(ValueDepth.Around(entries.Keys), ValueDepth.Around(entries.Values));
}
