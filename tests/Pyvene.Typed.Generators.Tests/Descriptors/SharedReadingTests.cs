using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Pyvene.Typed.Generators.Tests.Descriptors;

/// <summary>What reads descriptors runs without the compiler, too, and says what the compiler would.</summary>
public sealed class SharedReadingTests
{
    [Fact]
    public void NamesAreThoseOfTheCompiler()
    {
        for (var letter = char.MinValue; letter < char.MaxValue; letter++)
        {
            if (letter == '.') continue; // stands between the parts of a namespace
            var visible = char.GetUnicodeCategory(letter) != UnicodeCategory.Format; // the compiler takes these and drops them
            Assert.Equal(visible && SyntaxFacts.IsValidIdentifier($"{letter}"), CSharpNames.IsNamespace($"{letter}"));
            Assert.Equal(visible && SyntaxFacts.IsValidIdentifier($"a{letter}0"), CSharpNames.IsNamespace($"a{letter}0"));
        }
    }

    [Fact]
    public void KeywordsAreThoseOfTheCompiler() =>
        Assert.All(
            SyntaxFacts.GetReservedKeywordKinds().Select(SyntaxFacts.GetText).Append("record").Append("value"),
            word => Assert.Equal(SyntaxFacts.GetKeywordKind(word) == SyntaxKind.None ? word : $"@{word}", CSharpNames.Escaped(word)));

    [Theory]
    [InlineData("")]
    [InlineData("a\nbb\r\nccc\rd\n\n")]
    [InlineData("a\u0085b\u2028c\u2029d")]
    public void LinesAreThoseOfTheCompiler(string text)
    {
        var lines = SourceText.From(text).Lines;
        for (var position = 0; position <= text.Length; position++)
        {
            var expected = lines.GetLinePosition(position);
            Assert.Equal(new TextPoint(expected.Line, expected.Character), TextPoint.Of(text, position));
        }
    }
}
