using System.Globalization;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Reads expressions, with Jinja's precedence.</summary>
internal sealed class ExpressionParser(TokenCursor tokens)
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

    public TemplateArguments ParseArguments()
    {
        var positional = new List<TemplateExpression>();
        var named = new List<(string, TemplateExpression)>();
        tokens.Expect("(");
        while (!tokens.TryTake(")"))
        {
            if (tokens.Current.Kind == TemplateTokenKind.Name && tokens.Next.Is("="))
            {
                var name = tokens.Take().Text;
                tokens.Expect("=");
                named.Add((name, Parse()));
            }
            else
            {
                positional.Add(Parse());
            }

            if (!tokens.Current.Is(")"))
            {
                tokens.Expect(",");
            }
        }

        return new TemplateArguments(positional, named);
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

    private TemplateExpression ParsePostfix(TemplateExpression value)
    {
        while (true)
        {
            if (tokens.TryTake("."))
            {
                value = tokens.Current.Kind == TemplateTokenKind.Integer
                    ? new TemplateExpression.Item(value, ParsePrimary())
                    : new TemplateExpression.Member(value, tokens.Expect(TemplateTokenKind.Name));
            }
            else if (tokens.Current.Is("["))
            {
                value = ParseSubscript(value);
            }
            else if (tokens.Current.Is("("))
            {
                value = new TemplateExpression.Call(value, ParseArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private TemplateExpression ParseSubscript(TemplateExpression target)
    {
        tokens.Expect("[");
        var bounds = new TemplateExpression?[3];
        var bound = 0;
        while (!tokens.Current.Is("]"))
        {
            if (!tokens.TryTake(":"))
            {
                bounds[bound] = bounds[bound] is null ? Parse() : throw tokens.Error("']' is expected");
            }
            else if (++bound > 2)
            {
                throw tokens.Error("a slice has at most three parts");
            }
        }

        tokens.Expect("]");
        return bound > 0 ? new TemplateExpression.Slice(target, bounds[0], bounds[1], bounds[2])
            : new TemplateExpression.Item(target, bounds[0] ?? throw tokens.Error("a subscript is empty"));
    }

    private TemplateExpression ParseFilters(TemplateExpression value)
    {
        while (true)
        {
            if (tokens.TryTake("|"))
            {
                var name = tokens.Expect(TemplateTokenKind.Name);
                value = new TemplateExpression.Filter(value, name, tokens.Current.Is("(") ? ParseArguments() : TemplateArguments.None);
            }
            else if (tokens.TryTake("is"))
            {
                value = ParseTest(value);
            }
            else if (tokens.Current.Is("("))
            {
                value = new TemplateExpression.Call(value, ParseArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private TemplateExpression ParseTest(TemplateExpression value)
    {
        var isNegated = tokens.TryTake("not");
        var name = tokens.Expect(TemplateTokenKind.Name);
        var arguments = TemplateArguments.None;
        if (tokens.Current.Is("("))
        {
            arguments = ParseArguments();
        }
        else if (StartsArgument(tokens.Current))
        {
            arguments = new TemplateArguments([ParsePostfix(ParsePrimary())], []);
        }

        TemplateExpression test = new TemplateExpression.Test(value, name, arguments);
        return isNegated ? new TemplateExpression.Unary("not", test) : test;
    }

    private static bool StartsArgument(TemplateToken token) =>
        token.Kind is TemplateTokenKind.String or TemplateTokenKind.Integer or TemplateTokenKind.Float
        || token.Is("[") || token.Is("{")
        || token.Kind == TemplateTokenKind.Name && token.Text is not ("else" or "or" or "and" or "if" or "is" or "in" or "not");

    private TemplateExpression ParsePrimary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new TemplateExpression.Constant(true),
                    "false" or "False" => new TemplateExpression.Constant(false),
                    "none" or "None" => new TemplateExpression.Constant(null),
                    _ => new TemplateExpression.Name(token.Text),
                };
            case TemplateTokenKind.String:
                var text = token.Text;
                while (tokens.Current.Kind == TemplateTokenKind.String)
                {
                    text += tokens.Take().Text;
                }

                return new TemplateExpression.Constant(text);
            case TemplateTokenKind.Integer:
                return new TemplateExpression.Constant(long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer)
                    ? integer
                    : throw tokens.Error($"the number {token.Text} is too large"));
            case TemplateTokenKind.Float:
                return new TemplateExpression.Constant(double.Parse(token.Text, CultureInfo.InvariantCulture));
            case TemplateTokenKind.Operator when token.Text == "(":
                return ParseParentheses();
            case TemplateTokenKind.Operator when token.Text == "[":
                return new TemplateExpression.Sequence(ParseItems("]", Parse), IsTuple: false);
            case TemplateTokenKind.Operator when token.Text == "{":
                return new TemplateExpression.Mapping(ParseItems("}", ParsePair));
            default:
                throw tokens.Error($"a value is expected, not '{token.Text}'");
        }
    }

    private TemplateExpression ParseParentheses()
    {
        if (tokens.TryTake(")"))
        {
            return new TemplateExpression.Sequence([], IsTuple: true);
        }

        var value = ParseTuple();
        tokens.Expect(")");
        return value;
    }

    private List<T> ParseItems<T>(string close, Func<T> parse)
    {
        var items = new List<T>();
        while (!tokens.TryTake(close))
        {
            items.Add(parse());
            if (!tokens.Current.Is(close))
            {
                tokens.Expect(",");
            }
        }

        return items;
    }

    private (TemplateExpression Key, TemplateExpression Value) ParsePair()
    {
        var key = Parse();
        tokens.Expect(":");
        return (key, Parse());
    }
}
