using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>
/// A chat template: the part of Jinja that templates of models use, run as transformers runs it, with a bound on steps, texts and lists.
/// Thread-safe.
/// </summary>
internal sealed class ChatTemplate
{
    private const int LongestSource = 1 << 18;
    private readonly IReadOnlyList<TemplateStatement> statements;

    private ChatTemplate(IReadOnlyList<TemplateStatement> statements) => this.statements = statements;

    /// <exception cref="ChatTemplateException">The template is malformed or uses what this does not have.</exception>
    public static ChatTemplate Parse(string source) => source.Length <= LongestSource
        ? new ChatTemplate(TemplateParser.Parse(source))
        : throw new ChatTemplateException($"The chat template has {source.Length} characters; at most {LongestSource} are read.");

    /// <param name="variables">What the template sees: texts, numbers, truth values, and what <see cref="PythonJson.Read"/> gives.</param>
    /// <exception cref="ChatTemplateException">The template refuses, fails, or needs too much.</exception>
    public string Render(IReadOnlyDictionary<string, object?> variables) => TemplateRenderer.Render(statements, variables);
}
