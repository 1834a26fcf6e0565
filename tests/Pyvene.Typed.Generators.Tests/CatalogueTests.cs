using System.Text.RegularExpressions;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>Every rule has a page, a line in the release files and a test that raises it.</summary>
public sealed class CatalogueTests
{
    private static readonly string Root = Typed.Tests.Repository.Root;

    private static readonly Lazy<string> AnalysisTests =
        new(() =>
            string.Concat(Directory.GetFiles(Path.Combine(Root, "tests", "Pyvene.Typed.Generators.Tests", "Analysis"), "*Tests.cs").Select(File.ReadAllText)));

    public static TheoryData<string> Rules => [.. DiagnosticDescriptors.All.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryRuleHasAPage(string id)
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "diagnostics", $"{id}.md"));
        Assert.StartsWith($"# {id}: {DiagnosticDescriptors.ById(id).Title}\n", page, StringComparison.Ordinal);
        Assert.Contains($"> {DiagnosticDescriptors.ById(id).MessageFormat}\n", page, StringComparison.Ordinal);
        Assert.All(["## Cause", "## Fix", "## Silence"], heading => Assert.Contains($"\n{heading}\n", page, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryRuleHasALineInTheReleaseFiles(string id)
    {
        var lines = new[] { "Shipped", "Unshipped" }.SelectMany(kind =>
            File.ReadLines(Path.Combine(Root, "generators", "Pyvene.Typed.Generators", $"AnalyzerReleases.{kind}.md")));
        Assert.Single(lines, line => line.StartsWith($"{id} | {DiagnosticDescriptors.ById(id).Category} | ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void EveryRuleHasATestThatRaisesIt(string id) =>
        Assert.True(
            DiagnosticCases.All.Any(wrong => wrong.Rule == id)
                || id is DescriptorRules.DuplicateType or DescriptorRules.GeneratorFailed or DescriptorRules.TakenType
                || Regex.IsMatch(AnalysisTests.Value, $"Rule\\.Finds\\(\\s*\"{id}\""),
            $"No case of {nameof(DiagnosticCases)} and no test of Analysis raises {id}.");

    [Fact]
    public void EveryPageIsOfARule()
    {
        var pages = Directory.GetFiles(Path.Combine(Root, "docs", "diagnostics"), "PVT*.md").Select(path => Path.GetFileNameWithoutExtension(path));
        Assert.Empty(pages.Except(DiagnosticDescriptors.All.Keys, StringComparer.Ordinal));
    }
}
