using Pyvene.Typed.Errors;
using System.Globalization;
using System.Text;

namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <content>Values and what stands behind them: members, items, calls, filters, tests.</content>
internal sealed partial class ExpressionParser
{
    public TemplateArguments ParseArguments()
    {
        var positional = new List<TemplateExpression>();
        var named = new List<(string, TemplateExpression)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        tokens.Expect("(");
        while (!tokens.TryTake(")"))
        {
            if (tokens.Current.Kind == TemplateTokenKind.Name && tokens.Next.Is("="))
            {
                var name = tokens.Take().Text;
                tokens.Expect("=");
                if (!names.Add(name))
                {
                    throw tokens.Error($"the argument '{Excerpt.Of(name)}' is given twice");
                }

                named.Add((name, Parse()));
            }
            else
            {
                positional.Add(named.Count == 0 ? Parse() : throw tokens.Error("an argument without a name stands behind one with a name"));
            }

            if (!tokens.Current.Is(")"))
            {
                tokens.Expect(",");
            }
        }

        return new TemplateArguments(positional, named);
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
                var text = new StringBuilder(token.Text);
                while (tokens.Current.Kind == TemplateTokenKind.String)
                {
                    text.Append(tokens.Take().Text);
                }

                return new TemplateExpression.Constant(text.ToString());
            case TemplateTokenKind.Integer:
                return new TemplateExpression.Constant(long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer)
                    ? integer
                    : throw tokens.Error($"the number {Excerpt.Of(token.Text)} is beyond 64 bits"));
            case TemplateTokenKind.Float:
                return new TemplateExpression.Constant(double.Parse(token.Text, CultureInfo.InvariantCulture));
            case TemplateTokenKind.Operator when token.Text == "(":
                return ParseParentheses();
            case TemplateTokenKind.Operator when token.Text == "[":
                return new TemplateExpression.Sequence(ParseItems("]", Parse), IsTuple: false);
            case TemplateTokenKind.Operator when token.Text == "{":
                return new TemplateExpression.Mapping(ParseItems("}", ParsePair));
            default:
                throw tokens.Error($"a value is expected, not '{Excerpt.Of(token.Text)}'");
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
