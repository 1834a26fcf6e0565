using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Reads the statements of a template.</summary>
internal sealed class TemplateParser
{
    private readonly TokenCursor tokens;
    private readonly ExpressionParser expressions;
    private int loops;

    private TemplateParser(TokenCursor tokens)
    {
        this.tokens = tokens;
        expressions = new ExpressionParser(tokens);
    }

    public static IReadOnlyList<TemplateStatement> Parse(string source)
    {
        var parser = new TemplateParser(new TokenCursor(TemplateLexer.Tokenize(source)));
        var statements = parser.ParseBody();
        return parser.tokens.Current.Kind == TemplateTokenKind.End
            ? statements
            : throw parser.tokens.Error($"'{Excerpt.Of(parser.tokens.Next.Text)}' ends nothing");
    }

    /// <summary>Reads statements up to the end, or to one of the given words, which is taken with the start of its tag.</summary>
    private List<TemplateStatement> ParseBody(params ReadOnlySpan<string> ends)
    {
        var statements = new List<TemplateStatement>();
        while (tokens.Current.Kind != TemplateTokenKind.End)
        {
            if (tokens.Current.Kind == TemplateTokenKind.BlockStart)
            {
                if (IsEnd(tokens.Next.Text))
                {
                    break;
                }

                tokens.Take();
                statements.Add(tokens.Nested(ParseStatement));
            }
            else if (tokens.Current.Kind == TemplateTokenKind.OutputStart)
            {
                tokens.Take();
                statements.Add(new TemplateStatement.Output(expressions.ParseTuple()));
                tokens.Expect(TemplateTokenKind.OutputEnd);
            }
            else
            {
                statements.Add(new TemplateStatement.Text(tokens.Expect(TemplateTokenKind.Text)));
            }
        }

        if (ends.Length > 0)
        {
            tokens.Expect(TemplateTokenKind.BlockStart);
            if (!ends.Contains(tokens.Current.Text))
            {
                throw tokens.Error($"'{ends[^1]}' is expected, not '{Excerpt.Of(tokens.Current.Text)}'");
            }
        }

        return statements;
    }

    private static bool IsEnd(string word) => word is "else" or "elif" || word.StartsWith("end", StringComparison.Ordinal);

    private TemplateStatement ParseStatement()
    {
        var word = tokens.Expect(TemplateTokenKind.Name);
        switch (word)
        {
            case "if":
                return ParseIf();
            case "for":
                return ParseFor();
            case "set":
                return ParseSet();
            case "macro":
                return ParseMacro();
            case "generation": // transformers' mark of what the model wrote; it writes nothing
                EndTag();
                return new TemplateStatement.Scoped(ParseBlock("endgeneration"));
            case "break" or "continue" when loops == 0:
                throw tokens.Error($"'{word}' stands in no loop");
            case "break":
                EndTag();
                return new TemplateStatement.Break();
            case "continue":
                EndTag();
                return new TemplateStatement.Continue();
            default:
                throw tokens.Error($"the statement '{Excerpt.Of(word)}' is not supported");
        }
    }

    private TemplateStatement.If ParseIf()
    {
        var branches = new List<(TemplateExpression?, IReadOnlyList<TemplateStatement>)>();
        TemplateExpression? condition = expressions.ParseTuple();
        while (true)
        {
            EndTag();
            branches.Add((condition, condition is null ? ParseBody("endif") : ParseBody("elif", "else", "endif")));
            switch (tokens.Take().Text)
            {
                case "elif":
                    condition = expressions.ParseTuple();
                    break;
                case "else":
                    condition = null;
                    break;
                default:
                    EndTag();
                    return new TemplateStatement.If(branches);
            }
        }
    }

    private TemplateStatement.For ParseFor()
    {
        var target = expressions.ParseTarget();
        tokens.Expect("in");
        var items = expressions.ParseOr();
        var condition = tokens.TryTake("if") ? expressions.Parse() : null;
        EndTag();
        loops++;
        var body = ParseBody("else", "endfor");
        loops--;
        IReadOnlyList<TemplateStatement> otherwise = [];
        if (tokens.Take().Text == "else")
        {
            EndTag();
            otherwise = ParseBody("endfor");
            tokens.Take();
        }

        EndTag();
        return new TemplateStatement.For(target, items, condition, body, otherwise);
    }

    private TemplateStatement ParseSet()
    {
        var target = expressions.ParseTarget();
        if (tokens.TryTake("="))
        {
            var value = expressions.ParseTuple();
            EndTag();
            return new TemplateStatement.Set(target, value);
        }

        EndTag();
        return new TemplateStatement.SetBlock(target, ParseBlockOutsideLoops("endset"));
    }

    private TemplateStatement.Macro ParseMacro()
    {
        var name = tokens.Expect(TemplateTokenKind.Name);
        var parameters = new List<(string, TemplateExpression?)>();
        tokens.Expect("(");
        while (!tokens.TryTake(")"))
        {
            var parameter = tokens.Expect(TemplateTokenKind.Name);
            parameters.Add((parameter, tokens.TryTake("=") ? expressions.Parse() : null));
            if (!tokens.Current.Is(")"))
            {
                tokens.Expect(",");
            }
        }

        EndTag();
        return new TemplateStatement.Macro(name, parameters, ParseBlockOutsideLoops("endmacro"));
    }

    /// <summary>Reads a body with its end tag.</summary>
    private List<TemplateStatement> ParseBlock(string end)
    {
        var body = ParseBody(end);
        tokens.Take();
        EndTag();
        return body;
    }

    /// <summary>Reads a body with its end tag, of which no loop around can be left.</summary>
    private List<TemplateStatement> ParseBlockOutsideLoops(string end)
    {
        var outer = loops;
        loops = 0;
        var body = ParseBlock(end);
        loops = outer;
        return body;
    }

    private void EndTag() => tokens.Expect(TemplateTokenKind.BlockEnd);
}
