using System.Globalization;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;
using Evaluation = System.Func<Pyvene.Typed.Conformance.Expressions.ExpressionArguments, TorchSharp.torch.Tensor>;

namespace Pyvene.Typed.Conformance.Expressions;

/// <summary>Parses an expression by recursive descent: comparison, sum, product, sign, postfix, primary.</summary>
/// <remarks>A number is a tensor without axes: like Python's numbers, it takes the dtype of the tensor that it meets.</remarks>
internal sealed class ExpressionParser
{
    private const int DeepestNesting = 64;
    private readonly string _text;
    private readonly List<ExpressionToken> _tokens;
    private readonly ExpressionNames _known;
    private readonly HashSet<string> _names = [];
    private int _next;
    private int _depth;

    /// <summary>Splits a text into its parts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="known">What its names can stand for.</param>
    /// <exception cref="FormatException">A character belongs to no expression.</exception>
    public ExpressionParser(string text, ExpressionNames known) => (_text, _known, _tokens) = (text, known, ExpressionToken.Split(text));

    /// <summary>Parses the whole text.</summary>
    /// <exception cref="FormatException">The text is no expression; the message says where.</exception>
    public Evaluation Parse() => ParseRow(most: 1)[0];

    /// <summary>Parses the whole text as expressions with commas between them.</summary>
    /// <param name="most">How many there may be.</param>
    /// <exception cref="FormatException">The text is no such row; the message says where.</exception>
    public IReadOnlyList<Evaluation> ParseRow(int most = int.MaxValue)
    {
        var row = new List<Evaluation> { Comparison() };
        while (row.Count < most && Take(",") is not null) row.Add(Comparison());
        return Current.Kind is ExpressionTokenKind.End ? row : throw Unexpected("the end");
    }

    /// <summary>The values that the expression names, known after <see cref="Parse"/>.</summary>
    public IReadOnlySet<string> Names => _names;

    private ExpressionToken Current => _tokens[_next];

    private Evaluation Comparison()
    {
        if (++_depth > DeepestNesting) throw new FormatException($"'{_text}' is nested more than {DeepestNesting} deep");
        var left = Sum();
        if (Take(">", "<", ">=", "<=", "==", "!=") is { } sign)
        {
            var (a, b) = (left, Sum());
            left = sign switch
            {
                ">" => x => a(x).gt(b(x)),
                "<" => x => a(x).lt(b(x)),
                ">=" => x => a(x).ge(b(x)),
                "<=" => x => a(x).le(b(x)),
                "==" => x => a(x).eq(b(x)),
                _ => x => a(x).ne(b(x)),
            };
        }

        _depth--;
        return left;
    }

    private Evaluation Sum()
    {
        var left = Product();
        while (Take("+", "-") is { } sign)
        {
            var (a, b) = (left, Product());
            left = sign == "+" ? x => a(x).add(b(x), Scalars.Of(1)) : x => a(x) - b(x);
        }

        return left;
    }

    private Evaluation Product()
    {
        var left = Signed();
        while (Take("*", "/") is { } sign)
        {
            var (a, b) = (left, Signed());
            left = sign == "*" ? x => a(x) * b(x) : x => a(x) / b(x);
        }

        return left;
    }

    private Evaluation Signed()
    {
        var negative = false;
        while (Take("-", "+") is { } sign) negative ^= sign == "-";
        var value = Postfix();
        return negative ? x => value(x).neg() : value;
    }

    private Evaluation Postfix()
    {
        var value = Primary();
        while (Take("[", ".") is { } sign)
        {
            var inner = value;
            if (sign == "[")
            {
                var index = Index();
                value = x => inner(x)[index];
            }
            else
            {
                var name = Expect(ExpressionTokenKind.Name, "a function");
                Expect("(");
                value = Call(name, [inner, .. Arguments()]);
            }
        }

        return value;
    }

    private Evaluation Primary()
    {
        if (Take("(") is not null)
        {
            var inner = Comparison();
            Expect(")");
            return inner;
        }

        if (Current.Kind is ExpressionTokenKind.Number) return Number(_tokens[_next++]);
        var name = Expect(ExpressionTokenKind.Name, "a value");
        if (ModuleCall(name) is { } module) return module;
        if (Take("(") is not null) return Call(name, Arguments());
        _names.Add(name.Text);
        return _known.IsValue(name.Text)
            ? x => x[name.Text]
            : throw At(name, $"there is no value '{name.Text}'; there are {_known.Values}");
    }

    /// <summary>Reads the rest of a call of a module, whose path begins with a name; null where there is no such module.</summary>
    private Evaluation? ModuleCall(ExpressionToken first)
    {
        var (path, at) = (first.Text, _next);
        while (_tokens[at] is { Kind: ExpressionTokenKind.Sign, Text: "." } && _tokens[at + 1].Kind is ExpressionTokenKind.Name)
            (path, at) = ($"{path}.{_tokens[at + 1].Text}", at + 2);
        if (_tokens[at] is not { Kind: ExpressionTokenKind.Sign, Text: "(" } || _known.ModuleAt(path) is not { } module) return null;
        _next = at + 1;
        return Arguments() is [var argument] ? x => module(argument(x)) : throw At(first, $"'{path}' takes one argument");
    }

    private List<Evaluation> Arguments()
    {
        var arguments = new List<Evaluation>();
        if (Take(")") is not null) return arguments;
        do arguments.Add(Comparison());
        while (Take(",") is not null);
        Expect(")");
        return arguments;
    }

    private Evaluation Call(ExpressionToken name, List<Evaluation> arguments) =>
        ExpressionFunctions.TryFind(name.Text, arguments.Count, out var call, out var problem)
            ? x => call([.. arguments.Select(argument => argument(x))])
            : throw At(name, problem);

    private Evaluation Number(ExpressionToken number)
    {
        if (long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)) return _ => tensor(whole);
        return double.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? _ => tensor(value)
            : throw At(number, $"'{number.Text}' is no number");
    }

    private long Index()
    {
        var negative = Take("-") is not null;
        var number = Expect(ExpressionTokenKind.Number, "an index");
        Expect("]");
        if (!long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) throw At(number, $"'{number.Text}' is no index");
        return negative ? -index : index;
    }

    private string? Take(params ReadOnlySpan<string> signs)
    {
        if (Current.Kind is not ExpressionTokenKind.Sign || !signs.Contains(Current.Text)) return null;
        return _tokens[_next++].Text;
    }

    private void Expect(string sign)
    {
        if (Take(sign) is null) throw Unexpected($"'{sign}'");
    }

    private ExpressionToken Expect(ExpressionTokenKind kind, string what) => Current.Kind == kind ? _tokens[_next++] : throw Unexpected(what);

    private FormatException Unexpected(string expected) =>
        At(Current, $"expected {expected}, found {(Current.Kind is ExpressionTokenKind.End ? "the end" : $"'{Current.Text}'")}");

    private FormatException At(ExpressionToken token, string problem) => new($"'{_text}', character {token.Start + 1}: {problem}");
}
