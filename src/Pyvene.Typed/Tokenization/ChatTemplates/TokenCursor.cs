using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Walks over the tokens of a template.</summary>
internal sealed class TokenCursor(List<TemplateToken> tokens)
{
    private const int DeepestNesting = 100;
    private int _position;
    private int _depth;

    public TemplateToken Current => tokens[_position];

    public TemplateToken Next => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    public TemplateToken Take()
    {
        var token = Current;
        _position = Math.Min(_position + 1, tokens.Count - 1);
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
            throw Error($"'{text}' is expected, not '{Current.Text}'");
        }
    }

    public string Expect(TemplateTokenKind kind) =>
        Current.Kind == kind ? Take().Text : throw Error($"{kind} is expected, not '{Current.Text}'");

    /// <summary>Runs a part of the parser that may contain itself.</summary>
    public T Nested<T>(Func<T> parse)
    {
        if (++_depth > DeepestNesting)
        {
            throw Error($"it is nested more than {DeepestNesting} deep");
        }

        var result = parse();
        _depth--;
        return result;
    }

    public ChatTemplateException Error(string message) => new($"Chat template, line {Current.Line}: {message}.");
}
