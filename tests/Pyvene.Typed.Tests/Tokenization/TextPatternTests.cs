using System.Text.RegularExpressions;
using CsCheck;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;
using Pyvene.Typed.Tokenization.Patterns;

namespace Pyvene.Typed.Tests.Tokenization;

public sealed class TextPatternTests
{
    private const string Characters = "aZé'sStTlLvVeE ßжДλ日本0９½\t\r\n\u00A0\u0085.,!_-(][)/\\\u0301ǅʰªⅫ";

    /// <summary>The patterns of byte-level tokenizers in use: GPT-2, cl100k, o200k, Qwen, DeepSeek, BLOOM, CLIP, Falcon.</summary>
    public static TheoryData<string> PatternsInUse { get; } = new(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
            + @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
            + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        @"[一-龥぀-ゟ゠-ヿ]+",
        @"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
        @"[0-9][0-9][0-9]",
        @"(?:\s+|[^a-z]{2,3}?|(?<=a)[a-z]*?z|(?<!s)t|l(?:e|l)+)");

    [Theory]
    [MemberData(nameof(PatternsInUse))]
    public void MatchesInTheBasicPlaneAreThoseOfDotNet(string pattern)
    {
        var ours = TextPattern.Parse(pattern);
        var theirs = new Regex(pattern, RegexOptions.CultureInvariant);
        Gen.Char[Characters].Array[0, 30].Select(characters => new string(characters)).Holds(
            text => Assert.Equal(theirs.Matches(text).Where(match => match.Length > 0).Select(match => match.Value), Find(ours, text)),
            iter: 1000);
    }

    [Theory]
    [InlineData(@"\p{L}+", "a𝔘𠮷b 𝟘", "a𝔘𠮷b")]
    [InlineData(@"\bl+", "Ⅻl ll", "ll")] // a numeral that is a letter by property is part of a word, unlike in .NET
    [InlineData(@"[^\s\p{L}]+", "𠮷🙂𝟘 𠮷", "🙂𝟘")]
    [InlineData(@"\p{N}", "𝟘½Ⅻ", "𝟘|½|Ⅻ")]
    [InlineData(@"\s+", "a\u0085\u00A0\u2003b\u001C\u180E\u200B\uFEFF", "\u0085\u00A0\u2003")]
    [InlineData(@"(?i:'s|K)", "'ſ 'S \u212A k", "'ſ|'S|\u212A|k")]
    [InlineData(@"[^(\s|[.,!?…])]+", "ab(c|d).e", "ab|c|d|e")]
    [InlineData(@"[\p{L}&&[^a-c]]+", "abcdefé", "defé")]
    [InlineData(@"\p{L}++\d?+[^\P{N}1]?", "ab12", "ab12")]
    [InlineData(@"(a|b)*?c|(?>a+)b|\x41\u0042\x{1F642}", "ababc aab AB🙂", "ababc|aab|AB🙂")]
    [InlineData(@"(?:a*)*b", "aaab", "aaab")]
    [InlineData(@"[[:alpha:]_]+|[]x]", "a_b]1x", "a_b|]|x")]
    public void OnigurumaSyntaxWorksOnCodePoints(string pattern, string text, string matches) =>
        Assert.Equal(matches.Split('|'), Find(TextPattern.Parse(pattern), text).SelectMany(match => match.Split('|')));

    [Theory]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("*a")]
    [InlineData(@"\")]
    [InlineData(@"\1")]
    [InlineData(@"\p{Nonsense}")]
    [InlineData(@"\x{110000}")]
    [InlineData("a{2000}")]
    [InlineData("[z-a]")]
    [InlineData("(?<=a+)b")]
    [InlineData("((((((((((a|b){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}")]
    public void WhatCannotBeUsedIsRefused(string pattern) => Assert.Throws<FormatException>(() => TextPattern.Parse(pattern));

    [Fact]
    public void DeepNestingIsRefused() =>
        Assert.Throws<FormatException>(() => TextPattern.Parse(new string('(', 5000) + new string(')', 5000)));

    [Theory]
    [InlineData("(a+)+b")]
    [InlineData("(a|aa)+$b")]
    public void EndlessBacktrackingEndsWithAnError(string pattern)
    {
        var compiled = TextPattern.Parse(pattern);
        Assert.Throws<TokenizerException>(() => Find(compiled, new string('a', 5000)).Count());
    }

    private static List<string> Find(TextPattern pattern, string text)
    {
        var matches = new List<TextSpan>();
        pattern.FindAll(text, matches);
        return matches.ConvertAll(match => text[match.Start..match.End]);
    }
}
