using System.Diagnostics;

namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>Random templates: whatever they do, the outcome is a text or a <see cref="Pyvene.Typed.Errors.ChatTemplateException"/>, soon.</summary>
public sealed class ChatTemplateFuzzTests
{
    private static readonly string[] Values =
    [
        "0", "1", "-1", "2", "100000", "9223372036854775807", "(-9223372036854775807 - 1)", "0.0", "-0.5", "1e308", "1e999", "(1e999 - 1e999)", "true", "none",
        "missing",
        "''", "'a'", "'aA🙂\\n b'", "'\\u00e9x'", "'-12'", "'1_0.5e3'", "'nan'", "'%s %d'", "x", "('ab ' * 100000)", "[]", "[1, 2.5, none]", "['b', 'A', 'b']",
        "[[1], [1, 2]]", "(1,)", "()",
        "((1, 'a'), 2)", "{}", "{'a': 1, 'b': [1]}", "{1: 2, 'a': none}", "range(3)", "n", "n.a", "loop", "f", "dict", "'a'.upper", "f(1)", "namespace(q=1)",
        "dict(a=1)",
    ];

    private static readonly string[] Binary = ["+", "-", "*", "/", "//", "%", "**", "~", "and", "or", "==", "!=", "<", "<=", ">", ">=", "in", "not in"];

    private static readonly string[] Filters =
    [
        "abs", "bool", "capitalize", "count", "default", "dictsort", "e", "first", "float", "indent", "int", "items", "join", "last", "length", "list", "lower",
        "map", "max",
        "min", "reject", "rejectattr", "replace", "reverse", "round", "safe", "select", "selectattr", "sort", "string", "sum", "title", "tojson", "trim",
        "unique", "upper", "wordcount", "format",
    ];

    private static readonly string[] Methods =
    [
        "items", "keys", "values", "get", "index", "count", "strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "startswith", "endswith",
        "removeprefix",
        "removesuffix", "replace", "split", "rsplit", "splitlines", "join", "find", "rfind", "isdigit", "isspace", "append", "format", "cycle", "changed", "a",
        "_b",
    ];

    private static readonly string[] Tests =
        [
            "defined", "none", "odd", "even", "divisibleby", "sameas", "lower", "upper", "in", "eq", "lt", "ge", "string", "mapping", "iterable", "number",
            "nonsense",
        ];

    private static readonly string[] Names =
    [
        "default", "base", "attribute", "reverse", "case_sensitive", "indent", "width", "count", "maxsplit", "sep", "precision", "start", "q",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ARandomTemplateEndsInATextOrInOneException(int seed)
    {
        var random = new Random(seed);
        for (var program = 0; program < 1000; program++)
        {
            var template = "{% set n = namespace(a=1) %}{% macro f(p, q=2) %}{{ p }}{% endmacro %}" + Body(random, 3);
            var watch = Stopwatch.StartNew();
            try
            {
                _ = ChatTemplates.Outcome(template);
            }
            catch (Exception error)
            {
                Assert.Fail($"{template}\n{error}");
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), template);
        }
    }

    [Fact]
    public void RandomPiecesOfSyntaxEndInATextOrInOneException()
    {
        string[] pieces =
            [
                "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "'", "\"", "\\", "\\ud800", "\\x4", "\\777", "if", "for", "in", "set", "else", "endif",
                "endfor", "raw", "endraw", "macro", "break", "(", ")", "[", "]", "{", "}", ":", ",", ".", "|", "=", "==", "~", "**", "1", "1e5", "0x", "1_",
                "a", "is", "not", " ", "\n", "🙂", "\ud800", "\0", "generation",
            ];
        var random = new Random(4);
        for (var program = 0; program < 3000; program++)
        {
            var template = string.Concat(
                Enumerable.Range(0, random.Next(1, 30)).Select(_ => pieces[random.Next(pieces.Length)] + (random.Next(2) == 0 ? " " : "")));
            try
            {
                _ = ChatTemplates.Outcome(template);
            }
            catch (Exception error)
            {
                Assert.Fail($"{template}\n{error}");
            }
        }
    }

    private static string Body(Random random, int depth) => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Statement(random, depth)));

    private static string Statement(Random random, int depth) => random.Next(depth > 0 ? 9 : 4) switch
    {
        0 or 1 => "{{ " + Expression(random, 3) + " }}",
        2 => "{% set x = " + Expression(random, 3) + " %}",
        3 => "{% set n.a = " + Expression(random, 3) + " %}",
        4 => "{% if " + Expression(random, 2) + " %}" + Body(random, depth - 1) + "{% else %}" + Body(random, depth - 1) + "{% endif %}",
        5 => "{% for x in " + Expression(random, 2) + " %}" + Body(random, depth - 1) + "{% endfor %}",
        6 => "{% for i in range(30) %}{% set n.a = [n.a, n.a] %}" + Body(random, depth - 1) + "{% endfor %}",
        7 => "{% set x %}" + Body(random, depth - 1) + "{% endset %}",
        _ => "{% for x, y in " + Expression(random, 2) + " if " + Expression(random, 1) + " %}" + Body(random, depth - 1) + "{% break %}{% endfor %}",
    };

    private static string Expression(Random random, int depth)
    {
        string Some() => depth > 0 ? Expression(random, depth - 1) : Of(random, Values);
        return random.Next(depth > 0 ? 12 : 1) switch
        {
            0 or 1 => Of(random, Values),
            2 or 3 => $"({Some()} {Of(random, Binary)} {Some()})",
            4 or 5 => $"({Some()}) | {Of(random, Filters)}{Arguments(random, depth)}",
            6 or 7 => $"({Some()}).{Of(random, Methods)}{Arguments(random, depth)}",
            8 => $"({Some()})[{Some()}]",
            9 => $"({Some()})[{Bound(random)}:{Bound(random)}:{Bound(random)}]",
            10 => $"({Some()}) is {Of(random, Tests)}{(random.Next(2) == 0 ? "" : $"({Some()})")}",
            _ => random.Next(4) switch { 0 => $"-({Some()})", 1 => $"[{Some()}, {Some()}]", 2 => $"{{{Some()}: {Some()}}}", _ => $"({Some()} if {Some()})" },
        };
    }

    private static string Arguments(Random random, int depth)
    {
        var positional = Enumerable.Range(0, random.Next(3))
            .Select(_ => random.Next(4) == 0 ? $"'{Of(random, Filters)}'" : Expression(random, Math.Max(0, depth - 2)));
        var named = random.Next(4) == 0 ? [$"{Of(random, Names)}={Expression(random, 0)}"] : Array.Empty<string>();
        return $"({string.Join(", ", positional.Concat(named))})";
    }

    private static string Bound(Random random) =>
        random.Next(3) == 0 ? Of(random, Values) : random.Next(2) == 0 ? "" : random.Next(-3, 4).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Of(Random random, string[] from) => from[random.Next(from.Length)];
}
