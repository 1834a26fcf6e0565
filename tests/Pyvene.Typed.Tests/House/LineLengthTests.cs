using System.Text.RegularExpressions;

namespace Pyvene.Typed.Tests.House;

/// <summary>The width that <c>.editorconfig</c> says; a compiler does not look at it.</summary>
public sealed partial class LineLengthTests
{
    [Fact]
    public void NoLineOfCodeIsLongerThanTheEditorIsTold()
    {
        var longest = int.Parse(Setting().Match(File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig"))).Groups[1].Value);
        var seen = 0;
        var wrong = new List<string>();
        foreach (var path in new[] { "src", "generators", "tests", "examples" }.SelectMany(Sources))
        {
            seen++;
            wrong.AddRange(TooLong(File.ReadLines(path), longest).Select(line => $"{Path.GetRelativePath(Repository.Root, path)}:{line}"));
        }

        Assert.True(seen > 900, $"only {seen} files were seen");
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("var x = 1; // 45678901", true)]
    [InlineData("var x = 1; // 4567890", false)]
    [InlineData("Read(\"\"\"{\"a\": [1, 2, 3]}\"\"\");", false)]
    [InlineData("Read(Something, Other, \"\"\"{}\"\"\");", true)]
    [InlineData("Read(\"\"\"\n    a line that is longer than twenty\n    \"\"\");", false)]
    [InlineData("Read(\"\"\"\n    {}\n    \"\"\");\nvar other = \"is behind it\";", true)]
    public void WhatARawLiteralHoldsHasItsOwnWidth(string code, bool isTooLong) => Assert.Equal(isTooLong, TooLong(code.Split('\n'), 21).Any());

    // A raw literal is data, which a break would change; what stands around it counts.
    private static IEnumerable<int> TooLong(IEnumerable<string> lines, int longest)
    {
        var isInside = false;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var code = isInside ? Regex.Replace(line, "^.*?(?=\"{3}|$)", "") : line;
            code = RawLiteral().Replace(code[(isInside ? Fence().Match(code).Length : 0)..], "");
            isInside ^= Fence().Count(line) % 2 == 1;
            if (code.Length > longest) yield return number;
        }
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".verified.cs", StringComparison.Ordinal)) // what a generator wrote
            .Where(path => !Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    [GeneratedRegex("max_line_length = ([0-9]+)")]
    private static partial Regex Setting();

    [GeneratedRegex("\"{3,}")]
    private static partial Regex Fence();

    // Of several lines, its first one too.
    [GeneratedRegex("\"{3,}.*?(\"{3,}|$)")]
    private static partial Regex RawLiteral();
}
