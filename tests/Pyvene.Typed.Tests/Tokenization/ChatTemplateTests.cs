using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;

namespace Pyvene.Typed.Tests.Tokenization;

public sealed class ChatTemplateTests
{
    [Theory]
    [InlineData("{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 }} {{ 1 + 2.5 }} {{ -3 | abs }}", "3 -4 2 3.5 8 3.5 3")]
    [InlineData("{{ 1.5e-05 }} {{ 1e16 }} {{ 0.1 }} {{ -3.0 }} {{ 120.0 }} {{ 12.34 }} {{ 0.00012 }} {{ 1.7976931348623157e308 }} {{ 0.0 }}",
        "1.5e-05 1e+16 0.1 -3.0 120.0 12.34 0.00012 1.7976931348623157e+308 0.0")]
    [InlineData("{{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 2 }} {{ [1] + [2] }}", "a1NoneTrue abab [1, 2]")]
    [InlineData("{{ 1 < 2 <= 2 != 3 }} {{ 1 < 2 > 5 }} {{ 'b' in 'abc' }} {{ 2 not in [1] }}", "True False True True")]
    [InlineData("{{ missing }}|{{ missing or 'x' }}|{{ '' or none }}|{{ 'a' if false }}|{{ not missing }}", "|x|None||True")]
    [InlineData("{{ 'a\\'b' }} {{ ['a\\'b', \"\\\"\", '\\n\\u00e9'] }} {{ (1,) }} {{ {'a': none} }}", "a'b [\"a'b\", '\"', '\\né'] (1,) {'a': None}")]
    [InlineData("{{ '🙂é'[0] }}{{ '🙂é' | length }}{{ 'abc'[1:] }}{{ 'abc'[:-1] }}{{ 'abc'[::-1] }}{{ [1, 2, 3][-9:2] }}", "🙂2bcabcba[1, 2]")]
    [InlineData("{% set x = 1 %}{% for i in [1, 2] %}{% set x = i %}{% endfor %}{{ x }}", "1")]
    [InlineData("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ loop.index0 }}{{ k }}{{ v }}{{ ',' if not loop.last }}{% endfor %}", "0a1,1b2")]
    [InlineData("{% for i in range(6) if i is odd %}{{ loop.cycle('x', 'y') }}{{ i }}{{ loop.revindex }}{% endfor %}", "x13y32x51")]
    [InlineData("{% macro f(a, b='d') %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }}{{ f(1, b=2) }}", "1d12")]
    [InlineData("{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "3")]
    [InlineData("{% set x %}a{{ 1 }}{% endset %}{{ x | upper }}", "A1")]
    [InlineData("a  {%- if true -%}  b  {%- endif +%}\nc\n", "ab\nc")]
    [InlineData("{% raw %}{{ x }}{% endraw %}{# no #}!", "{{ x }}!")]
    [InlineData("{{ ' a b  c '.split() }}{{ 'a,b,c'.split(',', 1) }}{{ 'a,b,c'.rsplit(',', 1) }}{{ 'aXbX'.replace('X', '-') }}",
        "['a', 'b', 'c']['a', 'b,c']['a,b', 'c']a-b-")]
    [InlineData("{{ [3, 1, 2] | sort | join('-') }} {{ ['b', 'A'] | sort }} {{ [1, 1, 2] | unique | list }} {{ [1, 2] | sum }}", "1-2-3 ['A', 'b'] [1, 2] 3")]
    [InlineData("{{ 'a\\nb' | indent(2) }}|{{ '7' | int + 1 }}|{{ 2.567 | round(1) }}|{{ 'x' | default('y') }}|{{ '<' | e }}", "a\n  b|8|2.6|x|&lt;")]
    [InlineData("{{ {'b': 1.5, 'a': [true, none]} | tojson(sort_keys=true, separators=(',', ':')) }}", "{\"a\":[true,null],\"b\":1.5}")]
    [InlineData("{{ x.get('a') }}{{ x.get('q', 5) }}{{ x['a'] }}{{ x.b.c }}{{ x | length }}", "1512" + "2", "{\"x\": {\"a\": 1, \"b\": {\"c\": 2}}}")]
    [InlineData("{{ (1 is number) and 'a' is string and x is mapping and [] is sequence and y is not defined }}", "True", "{\"x\": {}}")]
    [InlineData(
        "{{ 'abcdef'[4:0:-2] }}|{{ 'abc'[::-9223372036854775807] }}|{{ [1, 2, 3][5:1:-1] }}|{{ [1, 2, 3][-99:99:2] }}|{{ (1, 2)[:1] }}|{{ '🙂é'[::-1] }}|{{ "
            + "'abc'[2:1] }}",
        "ec|c|[3]|[1, 3]|(1,)|é🙂|")]
    [InlineData(
        "{{ ['b', 'A', 'a'] | sort }}{{ ['b', 'A', 'a'] | sort(reverse=true) }}{{ ['b', 'A'] | sort(case_sensitive=true) }}{{ [(2, 'x'), (1, 'y'), (1, 'x')] | "
            + "sort(attribute='0') }}",
        "['A', 'a', 'b']['b', 'A', 'a']['A', 'b'][(1, 'y'), (1, 'x'), (2, 'x')]")]
    [InlineData(
        "{{ ['a', 'B'] | max }}{{ ['b', 'A', 'a'] | min }}{{ [2, 2.0] | max }}|{{ [] | max }}|{{ [[1], [1, 2]] | max }}{{ [{'v': 2}, {'v': 1}] | "
            + "min(attribute='v') }}",
        "BA2||[1, 2]{'v': 1}")]
    [InlineData("{{ ['a', 'A', 1, true, 1.0, none, none] | unique | list }}{{ {1: 'a'}[true] }}{{ {(1, 2): 'b'}[(1.0, 2)] }}{{ {true: 1, 1: 2} }}",
        "['a', 1, None]ab{True: 2}")]
    [InlineData("{{ {'b': 1, 'A': 2} | dictsort }}{{ {'b': 1, 'A': 2} | dictsort(by='value') }}", "[('A', 2), ('b', 1)][('b', 1), ('A', 2)]")]
    [InlineData(
        "{{ 1.0 // 0.1 }} {{ 5.5 % -2 }} {{ -7 // -2 }} {{ -5 % 5.0 }} {{ 2 * [1] }} {{ 9007199254740993 == 9007199254740992.0 }} {{ (1e999 - 1e999) < 1 }}",
        "9.0 -0.5 3 0.0 [1, 1] False False")]
    [InlineData(
        "{{ '1,000' | int }} {{ ' 1_0 ' | int }} {{ '4.7' | int }} {{ 'inf' | float }} {{ '1.5e1' | float }} {{ 'x' | int(7) }} {{ 7 | round }} {{ 2.5 | round "
            + "}} {{ 0.285 | round(2) }} {{ 7 | round(method='ceil') }}",
        "0 10 4 inf 15.0 7 7 2.0 0.28 7.0")]
    [InlineData("{{ 5e-324 }} {{ 123456789012345680.0 }} {{ 1e22 }} {{ 0.0001 }} {{ 0.00001 }} {{ 1234.5 }} {{ -0.0 }} {{ 1e15 }} {{ 100.25 }}",
        "5e-324 1.2345678901234568e+17 1e+22 0.0001 1e-05 1234.5 -0.0 1000000000000000.0 100.25")]
    [InlineData(
        "{{ ' a b '.split(none, 1) }}{{ ' a b '.rsplit(none, 1) }}{{ ' a '.split(none, 0) }}{{ 'aaa'.rsplit('aa', 1) }}{{ ''.split() }}{{ ''.split(',') }}{{ "
            + "'a,b'.split(',', 9223372036854775807) }}",
        "['a', 'b '][' a', 'b']['a ']['a', ''][]['']['a', 'b']")]
    [InlineData(
        "{{ 'aba'.strip('') }}{{ '🙂x🙂'.strip('🙃') }}{{ 'abcba'.strip('ab') }}|{{ 'ab'.replace('', '-') }}|{{ 'aaa'.replace('a', 'b', 2) }}|{{ "
            + "'aaa'.rfind('aa') }}{{ 'aaa'.count('aa') }}{{ 'ab'.count('') }}",
        "aba🙂x🙂c|-a-b-|bba|113")]
    [InlineData(
        "{{ \"it's a-b\" | title }}|{{ \"it's\".title() }}|{{ 'a-b c_d' | wordcount }}|{{ 'a\\r\\nb\\x0bc\\n'.splitlines() }}|{{ '\\101\\0' | length }}",
        "It's A-B|It'S|3|['a', 'b', 'c']|2")]
    [InlineData(
        "{{ range(5, 0, -2) | list }}{{ range(3, 1) | list }}{{ [0] | map(attribute='a') | list }}{{ [[5, 6]] | map(attribute=1) | list }}{{ {'b': {2: 1}, "
            + "'a': 1} | tojson }}",
        "[5, 3, 1][][Undefined][6]{\"b\": {\"2\": 1}, \"a\": 1}")]
    public void TemplatesWriteWhatPythonWrites(string template, string text, string variables = "{}") => Assert.Equal(text, Render(template, variables));

    [Theory]
    [InlineData("{% if %}")]
    [InlineData("{% if true %}")]
    [InlineData("{{ 1 + }}")]
    [InlineData("{{ 'a }}")]
    [InlineData("{% endif %}")]
    [InlineData("{% include 'x' %}")]
    [InlineData("{# ")]
    [InlineData("{{ missing.a }}")]
    [InlineData("{{ 'a' + 1 }}")]
    [InlineData("{{ 1 / 0 }}")]
    [InlineData("{{ 9223372036854775807 + 1 }}")]
    [InlineData("{{ 1 | nonsense }}")]
    [InlineData("{{ 1 is nonsense }}")]
    [InlineData("{{ ''.__class__() }}")]
    [InlineData("{{ [1].append(2) }}")]
    [InlineData("{{ 'x' * 1000000000 }}")]
    [InlineData("{{ 'x'.replace('', 'y' * 10000000).replace('y', 'z' * 1000000) }}")]
    [InlineData("{{ range(1000000000) }}")]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData("{{ 2 ** 10000000000 }}")]
    [InlineData("{{ [1, 'a'] | sort }}")]
    [InlineData("{{ [1, none] | max }}")]
    [InlineData("{{ [{}, {}] | min }}")]
    [InlineData("{{ [1, (1e999 - 1e999), 2] | sort }}")]
    [InlineData("{{ [[1]] | unique | list }}")]
    [InlineData("{{ {[1]: 2} }}")]
    [InlineData("{{ {}.get([]) }}")]
    [InlineData("{{ [1] < (2,) }}")]
    [InlineData("{{ [1, 2][::0] }}")]
    [InlineData("{{ [1, 2]['a':] }}")]
    [InlineData("{{ none[1:] }}")]
    [InlineData("{{ -(-9223372036854775807 - 1) }}")]
    [InlineData("{{ (-9223372036854775807 - 1) | abs }}")]
    [InlineData("{{ (-9223372036854775807 - 1) // -1 }}")]
    [InlineData("{{ 0 ** -1 }}")]
    [InlineData("{{ 10.0 ** 400 }}")]
    [InlineData("{{ (-8) ** 0.5 }}")]
    [InlineData("{{ 1 % 0 }}{{ 1.5 // 0 }}")]
    [InlineData("{{ 1e300 | int }}")]
    [InlineData("{{ '99999999999999999999' | int }}")]
    [InlineData("{{ 'ff' | int(0, 16) }}")]
    [InlineData("{{ missing | int }}")]
    [InlineData("{{ 'a' | round }}")]
    [InlineData("{{ none | abs }}")]
    [InlineData("{{ none | length }}")]
    [InlineData("{{ '%s' % 1 }}")]
    [InlineData("{{ '{}'.format(1) }}")]
    [InlineData("{{ 'a'.replace('b') }}")]
    [InlineData("{{ 'a'.startswith(1) }}")]
    [InlineData("{{ 'a'.split('') }}")]
    [InlineData("{{ 'a'.strip(1) }}")]
    [InlineData("{{ 'a'.find('a', 1) }}")]
    [InlineData("{{ dict(a=1, a=2) }}")]
    [InlineData("{{ [1] | join(d=',', q=1) }}")]
    [InlineData("{{ namespace }}")]
    [InlineData("{{ namespace({'a': 1}) }}")]
    [InlineData("{{ {(1, 2): 3} | tojson }}")]
    [InlineData("{{ 1 | tojson(separators=1) }}")]
    [InlineData("{{ '\\ud800' }}")]
    [InlineData("{{ range(1, 2, 0) }}{{ range() }}")]
    [InlineData("{{ range(stop=1) }}")]
    [InlineData("{{ ['a'].index('b') }}")]
    [InlineData("{% break %}")]
    [InlineData("{% for a in [1] %}{% set b %}{% break %}{% endset %}{% endfor %}")]
    [InlineData("{% for a, b in [1] %}{% endfor %}")]
    [InlineData("{% for i in [1] %}{{ loop.cycle() }}{% endfor %}")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(1, a=2) }}")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(b=2) }}")]
    public void WhatATemplateMayNotDoIsOneClearError(string template) =>
        Assert.Null(Assert.Throws<ChatTemplateException>(() => Render(template, "{}")).Raised);

    [Theory]
    [InlineData("a\nb\n{% nonsense %}", "line 3")]
    [InlineData("{{ 1 }}\n{{ 'a\nb' }}{{ 2 2 }}", "line 3")]
    [InlineData("{{ 1 / 0 }}", "1 / 0: division by zero")]
    [InlineData("{{ [1, 'a'] | sort }}", "a text with a number")]
    public void ErrorsSayWhatIsWrongAndWhere(string template, string said) =>
        Assert.Contains(said, Assert.Throws<ChatTemplateException>(() => Render(template, "{}")).Message, StringComparison.Ordinal);

    [Fact]
    public void DeepNestingIsRefused() =>
        Assert.Throws<ChatTemplateException>(() => Render("{{ " + new string('(', 5000) + "1" + new string(')', 5000) + " }}", "{}"));

    [Fact]
    public void ATemplateCanRefuseTheMessages() =>
        Assert.Equal("no system", Assert.Throws<ChatTemplateException>(() => Render("{{ raise_exception('no ' ~ 'system') }}", "{}")).Raised);

    [Fact]
    public void ConversationsAreWrittenByTheTemplateOfTheFolder()
    {
        using var folder = new TemporaryFolder("chat");
        folder.Write("vocab.json", """{"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3}""");
        folder.Write("merges.txt", "a b\n");
        Assert.Throws<ChatTemplateException>(() => TextTokenizer.Load(folder.Path).ApplyChatTemplate([]));
        folder.Write(
            "tokenizer_config.json",
            """{"eos_token": "<|endoftext|>", "chat_template": "{% for m in messages %}{{ m.role[0] }}{{ m.content }}{{ eos_token }}{% endfor %}"}""");
        var tokenizer = TextTokenizer.Load(folder.Path);
        var text = tokenizer.ApplyChatTemplate([new ChatMessage("a", "b"), new ChatMessage("b", "")]);
        Assert.Equal("ab<|endoftext|>b<|endoftext|>", text);
        Assert.Equal([2, 3, 1, 3], tokenizer.Encode(text, addSpecialTokens: false));
    }

    private static string Render(string template, string variables) => ChatTemplates.Render(template, variables);
}
