using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>The evaluated arguments of a call.</summary>
internal sealed record TemplateCall(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public static TemplateCall None { get; } = new([], new Dictionary<string, object?>());

    /// <summary>Gets an argument by place or by name.</summary>
    public object? Get(int index, string name, object? otherwise = null) =>
        index < Positional.Count ? Positional[index] : Named.TryGetValue(name, out var value) ? value : otherwise;

    public bool Has(int index, string name) => index < Positional.Count || Named.ContainsKey(name);

    /// <summary>Gives the same call without its first arguments.</summary>
    public TemplateCall Skip(int count) => this with { Positional = [.. Positional.Skip(count)] };

    /// <summary>Refuses arguments that what is called does not take.</summary>
    /// <param name="called">What is called.</param>
    /// <param name="parameters">The names of what it takes, with blanks between; those in parentheses must be given.</param>
    /// <exception cref="ChatTemplateException">There are too many arguments, too few, or some of other names.</exception>
    public void Check(string called, string parameters)
    {
        var names = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (Positional.Count > names.Length)
        {
            throw new ChatTemplateException($"The chat template calls '{called}' with {Positional.Count} arguments; it takes {names.Length} here.");
        }

        foreach (var (index, name) in names.Index())
        {
            if (name[0] == '(' && !Has(index, name[1..^1]))
            {
                throw new ChatTemplateException($"The chat template calls '{called}' without '{name[1..^1]}'.");
            }

            if (index < Positional.Count && Named.ContainsKey(name.Trim('(', ')')))
            {
                throw new ChatTemplateException($"The chat template gives '{called}' its '{name.Trim('(', ')')}' twice.");
            }
        }

        foreach (var name in Named.Keys)
        {
            if (!names.Contains(name) && !names.Contains($"({name})"))
            {
                throw new ChatTemplateException($"The chat template gives '{called}' the argument '{Excerpt.Of(name)}', which is not supported.");
            }
        }
    }
}
