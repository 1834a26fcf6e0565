namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Reads the statements of a template.</summary>
internal sealed class TemplateParser
{
    private readonly TokenCursor _tokens;
    private readonly ExpressionParser _expressions;

    private TemplateParser(TokenCursor tokens)
    {
        _tokens = tokens;
        _expressions = new ExpressionParser(tokens);
    }

    public static IReadOnlyList<TemplateStatement> Parse(string source)
    {
        var parser = new TemplateParser(new TokenCursor(TemplateLexer.Tokenize(source)));
        var statements = parser.ParseBody();
        return parser._tokens.Current.Kind == TemplateTokenKind.End
            ? statements
            : throw parser._tokens.Error($"'{parser._tokens.Next.Text}' ends nothing");
    }

    /// <summary>Reads statements up to the end, or to one of the given words, which is taken with the start of its tag.</summary>
    private List<TemplateStatement> ParseBody(params ReadOnlySpan<string> ends)
    {
        var statements = new List<TemplateStatement>();
        while (_tokens.Current.Kind != TemplateTokenKind.End)
        {
            if (_tokens.Current.Kind == TemplateTokenKind.BlockStart)
            {
                if (IsEnd(_tokens.Next.Text))
                {
                    break;
                }

                _tokens.Take();
                statements.Add(_tokens.Nested(ParseStatement));
            }
            else if (_tokens.Current.Kind == TemplateTokenKind.OutputStart)
            {
                _tokens.Take();
                statements.Add(new TemplateStatement.Output(_expressions.ParseTuple()));
                _tokens.Expect(TemplateTokenKind.OutputEnd);
            }
            else
            {
                statements.Add(new TemplateStatement.Text(_tokens.Expect(TemplateTokenKind.Text)));
            }
        }

        if (ends.Length > 0)
        {
            _tokens.Expect(TemplateTokenKind.BlockStart);
            if (!ends.Contains(_tokens.Current.Text))
            {
                throw _tokens.Error($"'{ends[^1]}' is expected, not '{_tokens.Current.Text}'");
            }
        }

        return statements;
    }

    private static bool IsEnd(string word) => word is "else" or "elif" || word.StartsWith("end", StringComparison.Ordinal);

    private TemplateStatement ParseStatement()
    {
        var word = _tokens.Expect(TemplateTokenKind.Name);
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
            case "break":
                EndTag();
                return new TemplateStatement.Break();
            case "continue":
                EndTag();
                return new TemplateStatement.Continue();
            default:
                throw _tokens.Error($"the statement '{word}' is not supported");
        }
    }

    private TemplateStatement.If ParseIf()
    {
        var branches = new List<(TemplateExpression?, IReadOnlyList<TemplateStatement>)>();
        TemplateExpression? condition = _expressions.ParseTuple();
        while (true)
        {
            EndTag();
            branches.Add((condition, condition is null ? ParseBody("endif") : ParseBody("elif", "else", "endif")));
            switch (_tokens.Take().Text)
            {
                case "elif":
                    condition = _expressions.ParseTuple();
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
        var target = _expressions.ParseTarget();
        _tokens.Expect("in");
        var items = _expressions.ParseOr();
        var condition = _tokens.TryTake("if") ? _expressions.Parse() : null;
        EndTag();
        var body = ParseBody("else", "endfor");
        IReadOnlyList<TemplateStatement> otherwise = [];
        if (_tokens.Take().Text == "else")
        {
            EndTag();
            otherwise = ParseBody("endfor");
            _tokens.Take();
        }

        EndTag();
        return new TemplateStatement.For(target, items, condition, body, otherwise);
    }

    private TemplateStatement ParseSet()
    {
        var target = _expressions.ParseTarget();
        if (_tokens.TryTake("="))
        {
            var value = _expressions.ParseTuple();
            EndTag();
            return new TemplateStatement.Set(target, value);
        }

        EndTag();
        return new TemplateStatement.SetBlock(target, ParseBlock("endset"));
    }

    private TemplateStatement.Macro ParseMacro()
    {
        var name = _tokens.Expect(TemplateTokenKind.Name);
        var parameters = new List<(string, TemplateExpression?)>();
        _tokens.Expect("(");
        while (!_tokens.TryTake(")"))
        {
            var parameter = _tokens.Expect(TemplateTokenKind.Name);
            parameters.Add((parameter, _tokens.TryTake("=") ? _expressions.Parse() : null));
            if (!_tokens.Current.Is(")"))
            {
                _tokens.Expect(",");
            }
        }

        EndTag();
        return new TemplateStatement.Macro(name, parameters, ParseBlock("endmacro"));
    }

    /// <summary>Reads a body with its end tag.</summary>
    private List<TemplateStatement> ParseBlock(string end)
    {
        var body = ParseBody(end);
        _tokens.Take();
        EndTag();
        return body;
    }

    private void EndTag() => _tokens.Expect(TemplateTokenKind.BlockEnd);
}
