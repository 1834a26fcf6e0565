using System.Runtime.CompilerServices;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Walks over the tokens of a template.</summary>
internal sealed class TokenCursor(List<TemplateToken> tokens)
{
    private const int DeepestNesting = 100;
    private int position;
    private int depth;

    public TemplateToken Current => tokens[position];

    public TemplateToken Next => tokens[Math.Min(position + 1, tokens.Count - 1)];

    public TemplateToken Take()
    {
        var token = Current;
        position = Math.Min(position + 1, tokens.Count - 1);
        return token;
    }

    public bool TryTake(string text)
    {
        var found = Current.Is(text);
        if (found)
        {
            Take();
        }

        return found;
    }

    public void Expect(string text)
    {
        if (!TryTake(text))
        {
            throw Error($"'{text}' is expected, not '{Excerpt.Of(Current.Text)}'");
        }
    }

    public string Expect(TemplateTokenKind kind) =>
        Current.Kind == kind ? Take().Text : throw Error($"{kind} is expected, not '{Excerpt.Of(Current.Text)}'");

    /// <summary>Runs a part of the parser that may contain itself.</summary>
    public T Nested<T>(Func<T> parse)
    {
        if (++depth > DeepestNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Error($"it is nested too deeply: more than {DeepestNesting} deep, or more than the stack of the thread holds");
        }

        var result = parse();
        depth--;
        return result;
    }

    public ChatTemplateException Error(string message) => new($"Chat template, line {Current.Line}: {message}.");
}
