namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>The evaluated arguments of a call.</summary>
internal sealed record TemplateCall(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    /// <summary>Gets an argument by place or by name.</summary>
    public object? Get(int index, string name, object? otherwise = null) =>
        index < Positional.Count ? Positional[index] : Named.TryGetValue(name, out var value) ? value : otherwise;

    public bool Has(int index, string name) => index < Positional.Count || Named.ContainsKey(name);

    /// <summary>Gives the same call without its first arguments.</summary>
    public TemplateCall Skip(int count) => this with { Positional = [.. Positional.Skip(count)] };
}
