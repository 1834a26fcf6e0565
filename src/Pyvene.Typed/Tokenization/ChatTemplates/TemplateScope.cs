namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Names and their values, with those of the scopes around.</summary>
internal sealed class TemplateScope(TemplateScope? parent)
{
    private readonly Dictionary<string, object?> names = new(StringComparer.Ordinal);

    public void Set(string name, object? value) => names[name] = value;

    public object? Get(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope.names.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return new UndefinedValue(name);
    }

    private TemplateScope? Parent { get; } = parent;
}
