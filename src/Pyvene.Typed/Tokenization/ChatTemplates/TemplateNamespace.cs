namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>The one value of a template that can change: what <c>namespace()</c> gives, so that a loop can leave something behind.</summary>
internal sealed class TemplateNamespace(IReadOnlyDictionary<string, object?> members)
{
    public Dictionary<string, object?> Members { get; } = new(members, StringComparer.Ordinal);
}
