using System.Globalization;
using System.Text.RegularExpressions;
using Pyvene.Typed.Tests;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>The pages show the examples as they are; what these print is compared by <c>.ci/outputs</c>.</summary>
public sealed partial class ShownExamplesTests
{
    private static readonly string[] Pages = [Path.Combine(Repository.Root, "README.md"), .. PagesIn("docs"), .. PagesIn("docs", "studies")];

    private static readonly string[] Studies =
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "examples", "studies"), "*.cs").Order(StringComparer.Ordinal)];

    private static readonly string[] OfPyvene101 =
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "examples", "pyvene-101"), "*.cs").Order(StringComparer.Ordinal)];

    private static string ComingFromPyvene => File.ReadAllText(Path.Combine(Repository.Root, "docs", "coming-from-pyvene.md"));

    [Fact]
    public void AProgramOfAPageIsItsFile()
    {
        var shown = Pages.SelectMany(page => Program().Matches(File.ReadAllText(page))).ToArray();
        Assert.NotEmpty(shown);
        Assert.All(shown, match => Assert.Equal(Text(match.Groups[1].Value), match.Groups[2].Value));
    }

    [Fact]
    public void EveryProgramOfPyvene101IsShownWithItsOutput() => Assert.All(OfPyvene101, path =>
    {
        var name = $"examples/pyvene-101/{Path.GetFileName(path)}";
        Assert.Contains($"<!-- program {name} -->", ComingFromPyvene, StringComparison.Ordinal);
        Assert.Contains($"<!-- output of {name} -->", ComingFromPyvene, StringComparison.Ordinal);
        Assert.InRange(File.ReadAllLines(path).Length, 1, 60);
    });

    [Fact]
    public void EveryCellOfPyvene101IsInTheTableAndInItsProgram()
    {
        (string Cell, string Program)[] rows =
            [.. Row().Matches(ComingFromPyvene).SelectMany(row => row.Groups[1].Value.Split(", ").Select(cell => (cell, row.Groups[2].Value)))];
        IEnumerable<int> cells = [.. Enumerable.Range(3, 47), 53]; // 50 to 52 need a remote server
        Assert.Equal(cells, rows.Select(row => int.Parse(row.Cell, CultureInfo.InvariantCulture)).Order());
        Assert.All(rows, row => Assert.Matches($@"(?m)^// Cells? ([\d, ]+, )?{row.Cell}\b.*", Text($"examples/pyvene-101/{row.Program}.cs")));
    }

    [Fact]
    public void EveryStudyHasAPageWithItsProgramItsOutputAndItsPictureAndALineInTheIndex() => Assert.All(Studies, path =>
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var page = Assert.Single(PagesIn("docs", "studies"), page => File.ReadAllText(page).Contains($"<!-- program examples/studies/{name}.cs -->"));
        Assert.Contains($"<!-- output of examples/studies/{name}.cs -->", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.All(
            Picture().Matches(File.ReadAllText(page)).Select(match => match.Groups[1].Value).DefaultIfEmpty("a picture"),
            picture => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", "studies", picture)), $"{page} shows {picture}, which is not there."));
        Assert.Contains($"({Path.GetFileName(page)})", Text("docs/studies/README.md"), StringComparison.Ordinal);
        Assert.InRange(File.ReadAllLines(path).Length, 1, 120);
    });

    private static string[] PagesIn(params string[] folder) => Directory.GetFiles(Path.Combine([Repository.Root, .. folder]), "*.md");

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file)).TrimEnd();

    [GeneratedRegex("<!-- program (examples/\\S+) -->\n```csharp\n(.*?)\n```\n", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex(@"!\[[^\]]*\]\(([^)]+)\)")]
    private static partial Regex Picture();

    [GeneratedRegex(@"^\| ([\d, ]+) \| .* \[([\w-]+)\]\(../examples/pyvene-101/\2\.cs\) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
