using System.Diagnostics;
using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Tokenization.ChatTemplates;

namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>A template may do no harm: what it does ends in a text or in one exception, soon, and without much memory.</summary>
public sealed class ChatTemplateBudgetTests
{
    private const string Deep = "{% set n = namespace(a=[], b=[], t=(), m={}) %}{% for i in range(100000) %}"
        + "{% set n.a = [n.a] %}{% set n.b = [n.b] %}{% set n.t = (n.t,) %}{% set n.m = {'k': n.m} %}{% endfor %}";

    private const string Shared = "{% set n = namespace(a=[1], b=[1], t=(1,), m={}) %}{% for i in range(40) %}"
        + "{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% set n.t = (n.t, n.t) %}{% set n.m = {'k': n.m, 'l': n.m} %}{% endfor %}";

    private const string Long = "{% set n = namespace(x=0) %}{% set a = 'ab ' * 2000000 %}{% for i in range(100000) %}";

    public static TheoryData<string> Uses =>
    [
        "{{ n.a }}", "{{ n.t }}", "{{ n.m }}", "{{ n.a == n.b }}", "{{ n.a != n.b }}", "{{ n.a < n.b }}", "{{ n.a in [n.b] }}", "{{ [n.a, n.b] | max }}",
        "{{ [n.a, n.b] | min }}", "{{ [n.a, n.b] | sort }}", "{{ {n.t: 1} }}", "{{ {}.get(n.t) }}", "{{ {1: 2}[n.t] }}", "{{ [n.a, n.b] | join }}",
        "{{ n.a ~ '' }}",
        "{{ n.a | string }}", "{{ n.m | tojson }}", "{{ n.a | tojson(indent=2) }}", "{{ [n.t, n.t] | unique }}", "{{ [n.b].index(n.a) }}",
        "{{ [n.b].count(n.a) }}",
        "{{ n.a is eq n.b }}", "{{ n.a is in [n.b] }}", "{{ [n.a] | select('eq', n.b) | list }}", "{{ n.a | upper }}", "{{ n.a | replace('1', '2') }}",
        "{{ {'b': n.a, 'a': n.b} | dictsort(by='value') }}", "{{ raise_exception(n.a) }}", "{{ [n.a] | map('string') | list }}",
        "{% for x in [n.a, n.b] %}{{ loop.changed(x) }}{% endfor %}",
    ];

    [Theory]
    [MemberData(nameof(Uses))]
    public void ValuesNestedWithoutEndAreRefused(string use) => Refused(Deep + use);

    [Theory]
    [MemberData(nameof(Uses))]
    public void ValuesThatShareTheirPartsAreChargedAsOftenAsTheyAreLookedAt(string use) => Refused(Shared + use);

    [Theory]
    [InlineData("{% set n.x = a.replace('a', 'c') %}")]
    [InlineData("{% set n.x = a | replace('a', 'c') %}")]
    [InlineData("{% set n.x = a.upper() %}")]
    [InlineData("{% set n.x = a | upper %}")]
    [InlineData("{% set n.x = a | length %}")]
    [InlineData("{% set n.x = a.split() %}")]
    [InlineData("{% set n.x = a.split('q') %}")]
    [InlineData("{% set n.x = a.rsplit('q', 1) %}")]
    [InlineData("{% set n.x = a.splitlines() %}")]
    [InlineData("{% set n.x = a.strip() %}")]
    [InlineData("{% set n.x = a.strip('ab ') %}")]
    [InlineData("{% set n.x = a[1:] %}")]
    [InlineData("{% set n.x = a[::-1] %}")]
    [InlineData("{% set n.x = a[0] %}")]
    [InlineData("{% set n.x = a[-1] %}")]
    [InlineData("{% set n.x = a | last %}")]
    [InlineData("{% set n.x = a | reverse %}")]
    [InlineData("{% set n.x = a.find('q') %}")]
    [InlineData("{% set n.x = a.count('q') %}")]
    [InlineData("{% set n.x = 'q' in a %}")]
    [InlineData("{% set n.x = a.startswith(a) %}")]
    [InlineData("{% set n.x = a.title() %}")]
    [InlineData("{% set n.x = [a, a] | join %}")]
    [InlineData("{% set n.x = a ~ i %}")]
    [InlineData("{% set n.x = a + 'b' %}")]
    [InlineData("{% set n.x = a * 2 %}")]
    [InlineData("{% set n.x = a == a ~ '' %}")]
    [InlineData("{% set n.x = a < a ~ '' %}")]
    [InlineData("{% set n.x = {a: 1} %}")]
    [InlineData("{% set n.x = a | tojson %}")]
    [InlineData("{% set n.x = a | e %}")]
    [InlineData("{% set n.x = a | wordcount %}")]
    [InlineData("{% set n.x = a | int %}")]
    [InlineData("{% set n.x = a | indent %}")]
    [InlineData("{% set n.x = a is lower %}")]
    [InlineData("{% set n.x = a.isdigit() %}")]
    [InlineData("{% set n.x = [1] | map(attribute=a) | list %}")]
    [InlineData("{% set n.x = strftime_now(a) %}")]
    [InlineData("{% for c in a %}{% endfor %}")]
    [InlineData("{{ a }}")]
    [InlineData("{% set n.x = [a, a] | unique %}")]
    [InlineData("{% set n.x = [a, a] | sort %}")]
    public void TextOperationsAreChargedByTheLengthOfTheText(string use) => Refused(Long + use + "{% endfor %}");

    [Theory]
    [InlineData("{{ ['a' * 10000000] * 100000 }}")]
    [InlineData("{{ (['a' * 10000000] * 100000) | join }}")]
    [InlineData("{{ ['a' * 10000000] * 100000 | tojson }}")]
    [InlineData("{{ ('a' * 4000000).find('a' * 1000000 ~ 'b' ~ 'a' * 1000000) }}")]
    [InlineData("{{ ('a' * 4000000).strip('b' * 4000000 ~ 'a') * 100 }}")]
    [InlineData("{{ ('ab' * 4000000).replace('a', 'c' * 1000) }}")]
    [InlineData("{{ ('a' * 8000000).replace('a', '') * 1000000000 ~ ('a' * 8000000).split('a') }}")]
    [InlineData("{{ ('\\n' * 8000000) | indent(1000) }}")]
    [InlineData("{{ [[[[[1]]]]] | tojson(indent=9000000) }}")]
    [InlineData("{{ ('%' * 1000001) ~ strftime_now('%A' * 8000000) }}")]
    [InlineData("{% set n = namespace(a=[]) %}{% for i in range(100000) %}{% set n.a = n.a + [i] %}{% endfor %}")]
    [InlineData("{% set n = namespace(a=[]) %}{% for i in range(99) %}{% set n.a = [range(100000)] + n.a %}{% endfor %}")]
    [InlineData(
        "{{ range(99999) | sort | unique | map('string') | join | length }}{{ range(99999) | sort(reverse=true) | list | sum }}{{ range(99999) | list == "
            + "range(99999) }}{{ range(99999) | sort }}")]
    [InlineData("{% set n = namespace(f=none) %}{% macro f(x) %}{{ f([x]) }}{% endmacro %}{{ f(1) }}")]
    [InlineData("{{ -9223372036854775807 | string * 99999999999 }}{{ 'ab' * 9223372036854775807 }}")]
    [InlineData("{{ [1, 2] * 9223372036854775807 }}")]
    [InlineData("{{ range(-9223372036854775807, 9223372036854775807) }}")]
    public void SizesAreAskedForBeforeMemoryIsTaken(string template) => Refused(template);

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{1: ", "}")]
    [InlineData("-", "")]
    [InlineData("+", "")]
    [InlineData("not ", "")]
    [InlineData("f(", ")")]
    [InlineData("a[", "]")]
    [InlineData("1 if 1 else ", "")]
    [InlineData("1 | default(", ")")]
    [InlineData("1 is eq(", ")")]
    [InlineData("", " + 1")]
    [InlineData("", " ~ 1")]
    [InlineData("", " ** 1")]
    [InlineData("", " and 1")]
    [InlineData("", " | string")]
    [InlineData("", ".a")]
    [InlineData("", "[0]")]
    [InlineData("", "()")]
    [InlineData("", " is number")]
    public void DeepExpressionsAreRefusedOrRun(string before, string after)
    {
        foreach (var count in (int[])[90, 5000, 15000])
        {
            RefusedOrRun("{{ " + Repeated(before, count) + "1" + Repeated(after, count) + " }}");
        }
    }

    [Theory]
    [InlineData("{% if 1 %}", "{% endif %}")]
    [InlineData("{% for i in [1] %}", "{% endfor %}")]
    [InlineData("{% set x %}", "{% endset %}")]
    [InlineData("{% macro f() %}", "{% endmacro %}")]
    [InlineData("{% generation %}", "{% endgeneration %}")]
    [InlineData("{% if 0 %}{% else %}", "{% endif %}")]
    [InlineData("{% raw %}{%", "")]
    [InlineData("{#", "")]
    public void DeepStatementsAreRefusedOrRun(string before, string after)
    {
        foreach (var count in (int[])[90, 5000, 10000])
        {
            RefusedOrRun(Repeated(before, count) + "1" + Repeated(after, count));
        }
    }

    [Fact]
    public void DeepJsonIsRefusedWhereItIsRead()
    {
        using var document = JsonDocument.Parse(Repeated("[", 5000) + Repeated("]", 5000), new JsonDocumentOptions { MaxDepth = 60000 });
        Assert.Throws<ChatTemplateException>(() => PythonJson.Read(document.RootElement));
    }

    [Theory]
    [InlineData("""{"x": "\ud800"}""")]
    [InlineData("""{"x": {"\udc00": 1}}""")]
    [InlineData("""{"x": 99999999999999999999}""")]
    public void WhatJsonHoldsAndNoTextOrNumberCanIsRefused(string json) => Assert.Throws<ChatTemplateException>(() => ChatTemplates.Render("{{ x }}", json));

    [Fact]
    public void ALongConversationMayCostMoreThanATemplateOfItsOwn()
    {
        var content = Repeated("one two ", 250_000);
        var template = "{% for i in range(3) %}{% set t = x.strip() | replace('two', 'owt') %}{% endfor %}{{ x | trim | length }}";
        Assert.Equal("1999999", ChatTemplates.Render(template, JsonSerializer.Serialize(new { x = content }, JsonForm.Plain)));
    }

    [Fact]
    public void ValuesThatAreNotTooDeepAreWritten()
    {
        const string template =
            "{% set n = namespace(a=[]) %}{% for i in range(900) %}{% set n.a = [n.a] %}{% endfor %}{{ n.a | string | length }} {{ n.a == n.a[0] }}";
        Assert.Equal("1802 False", ChatTemplates.Render(template));
    }

    private static void Refused(string template)
    {
        var watch = Stopwatch.StartNew();
        var refusal = Assert.Throws<ChatTemplateException>(() => ChatTemplates.Render(template));
        Assert.Null(refusal.Raised);
        Assert.InRange(refusal.Message.Length, 10, 300);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    private static void RefusedOrRun(string template)
    {
        var watch = Stopwatch.StartNew();
        _ = ChatTemplates.Outcome(template);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    private static string Repeated(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
