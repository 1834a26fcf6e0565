namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Reads expressions, with Jinja's precedence.</summary>
internal sealed partial class ExpressionParser(TokenCursor tokens)
{
    private static readonly string[] Sums = ["+", "-"];
    private static readonly string[] Concatenation = ["~"];
    private static readonly string[] Products = ["*", "/", "//", "%"];
    private static readonly string[] Comparisons = ["==", "!=", "<", ">", "<=", ">="];

    public TemplateExpression Parse() => tokens.Nested(ParseConditional);

    /// <summary>Reads one expression, or several with commas between: a tuple.</summary>
    public TemplateExpression ParseTuple()
    {
        var first = Parse();
        if (!tokens.Current.Is(","))
        {
            return first;
        }

        var items = new List<TemplateExpression> { first };
        while (tokens.TryTake(",") && tokens.Current.Kind != TemplateTokenKind.BlockEnd && !tokens.Current.Is(")"))
        {
            items.Add(Parse());
        }

        return new TemplateExpression.Sequence(items, IsTuple: true);
    }

    /// <summary>Reads what is assigned to: a name, several, or a member of a namespace.</summary>
    public TemplateExpression ParseTarget()
    {
        var parenthesised = tokens.TryTake("(");
        var targets = new List<TemplateExpression>();
        var isTuple = false;
        do
        {
            var name = tokens.Expect(TemplateTokenKind.Name);
            targets.Add(tokens.TryTake(".")
                ? new TemplateExpression.Member(new TemplateExpression.Name(name), tokens.Expect(TemplateTokenKind.Name))
                : new TemplateExpression.Name(name));
        }
        while (tokens.TryTake(",") && (isTuple = true));
        if (parenthesised)
        {
            tokens.Expect(")");
        }

        return isTuple ? new TemplateExpression.Sequence(targets, IsTuple: true) : targets[0];
    }

    /// <summary>Reads an expression without a condition behind it, as <c>for … in</c> needs it.</summary>
    public TemplateExpression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.TryTake("or"))
        {
            left = new TemplateExpression.Binary("or", left, ParseAnd());
        }

        return left;
    }

    private TemplateExpression ParseConditional()
    {
        var value = ParseOr();
        while (tokens.TryTake("if"))
        {
            var condition = ParseOr();
            value = new TemplateExpression.Conditional(condition, value, tokens.TryTake("else") ? Parse() : null);
        }

        return value;
    }

    private TemplateExpression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.TryTake("and"))
        {
            left = new TemplateExpression.Binary("and", left, ParseNot());
        }

        return left;
    }

    private TemplateExpression ParseNot() => tokens.TryTake("not")
        ? new TemplateExpression.Unary("not", tokens.Nested(ParseNot))
        : ParseComparison();

    private TemplateExpression ParseComparison()
    {
        var first = ParseBinary(0);
        var rest = new List<(string, TemplateExpression)>();
        while (TakeComparison() is { } operation)
        {
            rest.Add((operation, ParseBinary(0)));
        }

        return rest.Count == 0 ? first : new TemplateExpression.Comparison(first, rest);
    }

    private string? TakeComparison()
    {
        if (Comparisons.Any(tokens.Current.Is) || tokens.Current.Is("in"))
        {
            return tokens.Take().Text;
        }

        if (!tokens.Current.Is("not") || !tokens.Next.Is("in"))
        {
            return null;
        }

        tokens.Take();
        tokens.Take();
        return "not in";
    }

    private TemplateExpression ParseBinary(int level)
    {
        string[][] levels = [Sums, Concatenation, Products];
        if (level == levels.Length)
        {
            return ParsePower();
        }

        var left = ParseBinary(level + 1);
        while (levels[level].Any(tokens.Current.Is))
        {
            var operation = tokens.Take().Text;
            left = new TemplateExpression.Binary(operation, left, ParseBinary(level + 1));
        }

        return left;
    }

    private TemplateExpression ParsePower()
    {
        var left = ParseUnary(withFilters: true);
        while (tokens.TryTake("**"))
        {
            left = new TemplateExpression.Binary("**", left, ParseUnary(withFilters: true));
        }

        return left;
    }

    private TemplateExpression ParseUnary(bool withFilters)
    {
        if (Sums.Any(tokens.Current.Is))
        {
            var operation = tokens.Take().Text;
            var operand = tokens.Nested(() => ParseUnary(withFilters: false));
            var signed = new TemplateExpression.Unary(operation, operand);
            return withFilters ? ParseFilters(signed) : signed;
        }

        var value = ParsePostfix(ParsePrimary());
        return withFilters ? ParseFilters(value) : value;
    }
}
