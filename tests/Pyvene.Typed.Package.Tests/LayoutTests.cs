using System.IO.Compression;
using System.Xml.Linq;

namespace Pyvene.Typed.Package.Tests;

[Collection(PackageCollection.Name)]
public sealed class LayoutTests(PackageFeed feed)
{
    // What the packaging format itself adds.
    private static readonly string[] Envelope = ["_rels/", "[Content_Types].xml", "package/"];

    private static IEnumerable<string> Pages =>
        Directory.GetFiles(Path.Combine(Pyvene.Typed.Tests.Repository.Root, "docs", "diagnostics")).Select(path => $"docs/diagnostics/{Path.GetFileName(path)}")
            .Order(StringComparer.Ordinal);

    [Fact]
    public void ThePackageHoldsTheLibraryWhatTheCompilerNeedsAndNothingElse() => Assert.Equal(
        [
            "LICENSE",
            "Pyvene.Typed.nuspec",
            "README.md",
            "analyzers/dotnet/cs/Pyvene.Typed.CodeFixes.dll",
            "analyzers/dotnet/cs/Pyvene.Typed.Generators.dll",
            "buildTransitive/Pyvene.Typed.props",
            "buildTransitive/Pyvene.Typed.targets",
            .. Pages,
            "lib/net10.0/Pyvene.Typed.dll",
            "lib/net10.0/Pyvene.Typed.xml",
        ],
        Entries(feed.Package));

    // Two slots would load the generator twice, and every component would be declared twice.
    [Fact]
    public void ThereIsOneAnalyzerSlot() => Assert.Single(
        Entries(feed.Package).Where(entry => entry.StartsWith("analyzers/", StringComparison.Ordinal)).Select(Path.GetDirectoryName).Distinct());

    [Fact]
    public void SymbolsTravelApart() => Assert.Equal(["Pyvene.Typed.nuspec", "lib/net10.0/Pyvene.Typed.pdb"], Entries(feed.Symbols));

    [Fact]
    public void NoBackEndAndNoCompilerIsAmongTheDependencies()
    {
        using var package = ZipFile.OpenRead(feed.Package);
        using var text = package.GetEntry("Pyvene.Typed.nuspec")!.Open();
        var nuspec = XDocument.Load(text).Descendants().ToLookup(element => element.Name.LocalName);

        Assert.Equal(
            ["Microsoft.ML.Tokenizers", "SharpZipLib", "SkiaSharp", "TorchSharp"],
            nuspec["dependency"].Select(dependency => dependency.Attribute("id")!.Value).Order(StringComparer.Ordinal));
        Assert.Equal("MIT", Assert.Single(nuspec["license"]).Value);
        Assert.Equal("README.md", Assert.Single(nuspec["readme"]).Value);
    }

    private static IEnumerable<string> Entries(string path)
    {
        using var package = ZipFile.OpenRead(path);
        return [.. package.Entries.Select(entry => entry.FullName).Where(name => !Envelope.Any(name.StartsWith)).Order(StringComparer.Ordinal)];
    }
}
