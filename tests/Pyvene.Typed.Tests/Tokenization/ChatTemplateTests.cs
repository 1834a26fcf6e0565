using System.Text.Json;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;
using Pyvene.Typed.Tokenization.ChatTemplates;

namespace Pyvene.Typed.Tests.Tokenization;

public sealed class ChatTemplateTests
{
    [Theory]
    [InlineData("{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 }} {{ 1 + 2.5 }} {{ -3 | abs }}", "3 -4 2 3.5 8 3.5 3")]
    [InlineData("{{ 1.5e-05 }} {{ 1e16 }} {{ 0.1 }} {{ -3.0 }} {{ 120.0 }} {{ 12.34 }} {{ 0.00012 }} {{ 1.7976931348623157e308 }} {{ 0.0 }}", "1.5e-05 1e+16 0.1 -3.0 120.0 12.34 0.00012 1.7976931348623157e+308 0.0")]
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
    [InlineData("{{ ' a b  c '.split() }}{{ 'a,b,c'.split(',', 1) }}{{ 'a,b,c'.rsplit(',', 1) }}{{ 'aXbX'.replace('X', '-') }}", "['a', 'b', 'c']['a', 'b,c']['a,b', 'c']a-b-")]
    [InlineData("{{ [3, 1, 2] | sort | join('-') }} {{ ['b', 'A'] | sort }} {{ [1, 1, 2] | unique | list }} {{ [1, 2] | sum }}", "1-2-3 ['A', 'b'] [1, 2] 3")]
    [InlineData("{{ 'a\\nb' | indent(2) }}|{{ '7' | int + 1 }}|{{ 2.567 | round(1) }}|{{ 'x' | default('y') }}|{{ '<' | e }}", "a\n  b|8|2.6|x|&lt;")]
    [InlineData("{{ {'b': 1.5, 'a': [true, none]} | tojson(sort_keys=true, separators=(',', ':')) }}", "{\"a\":[true,null],\"b\":1.5}")]
    [InlineData("{{ x.get('a') }}{{ x.get('q', 5) }}{{ x['a'] }}{{ x.b.c }}{{ x | length }}", "1512" + "2", "{\"x\": {\"a\": 1, \"b\": {\"c\": 2}}}")]
    [InlineData("{{ (1 is number) and 'a' is string and x is mapping and [] is sequence and y is not defined }}", "True", "{\"x\": {}}")]
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
    public void WhatATemplateMayNotDoIsOneClearError(string template) =>
        Assert.Null(Assert.Throws<ChatTemplateException>(() => Render(template, "{}")).Raised);

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
        folder.Write("tokenizer_config.json", """{"eos_token": "<|endoftext|>", "chat_template": "{% for m in messages %}{{ m.role[0] }}{{ m.content }}{{ eos_token }}{% endfor %}"}""");
        var tokenizer = TextTokenizer.Load(folder.Path);
        var text = tokenizer.ApplyChatTemplate([new ChatMessage("a", "b"), new ChatMessage("b", "")]);
        Assert.Equal("ab<|endoftext|>b<|endoftext|>", text);
        Assert.Equal([2, 3, 1, 3], tokenizer.Encode(text, addSpecialTokens: false));
    }

    private static string Render(string template, string variables) => ChatTemplate.Parse(template)
        .Render(JsonDocument.Parse(variables).RootElement.EnumerateObject().ToDictionary(member => member.Name, member => PythonJson.Read(member.Value)));
}
