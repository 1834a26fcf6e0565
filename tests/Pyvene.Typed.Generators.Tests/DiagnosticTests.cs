using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>What is wrong in a descriptor is reported at its place, in words that say what to do.</summary>
public sealed class DiagnosticTests
{
    public static TheoryData<DiagnosticCase> Cases => [.. DiagnosticCases.All];

    [Fact]
    public void TheGoodDescriptorHasNoError() => GeneratorRun.Of(new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good));

    [Theory]
    [MemberData(nameof(Cases))]
    public void AWrongDescriptorIsReportedAtItsPlace(DiagnosticCase wrong)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        var marked = new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good).With(wrong.Before, wrong.After).Content;
        var (start, end) = (marked.IndexOf('«'), marked.IndexOf('»') - 1);
        var content = marked.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);

        var result = GeneratorRun.Twice([new DescriptorFile("toy.pyvene.json", content)], out _);

        Assert.Empty(result.GeneratedSources);
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal((wrong.Rule, wrong.Message), (diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("toy.pyvene.json", diagnostic.Location.GetLineSpan().Path);
        if (start >= 0)
        {
            // A token is shown whole; an error between tokens, at the character where it was seen.
            Assert.Equal(start, diagnostic.Location.SourceSpan.Start);
            if (wrong.Rule != "PVT001") Assert.Equal(end, diagnostic.Location.SourceSpan.End);
            Assert.Equal(content[..start].Count(character => character == '\n'), diagnostic.Location.GetLineSpan().StartLinePosition.Line);
        }
    }

    [Fact]
    public void EveryErrorOfAFileIsReportedInItsOrder()
    {
        var descriptor = new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good)
            .With("\"summary\": \"A toy.\"", "\"sumary\": \"A toy.\"")
            .With("\"count\": \"layers\"", "\"count\": \"layer\"")
            .With("\"side\": \"input\"", "\"side\": 3")
            .With("\"ToyHead\"]", "\"Other\"]");
        var result = GeneratorRun.Twice([descriptor], out _);
        Assert.Equal(["PVT003", "PVT002", "PVT103", "PVT004", "PVT105"], result.Diagnostics.Select(diagnostic => diagnostic.Id));
        Assert.All(result.Diagnostics, diagnostic => Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity));
    }

    [Fact]
    public void AFileThatTheGeneratorFailsOnCostsNoOther()
    {
        var driver = Programs.Driver("Sample", new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good))
            .AddAdditionalTexts([new UnreadableFile("broken.pyvene.json")]);
        var result = GeneratorRun.Single(driver.RunGenerators(Programs.Library()));
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(
            ("PVT010",
                "The generator failed on this descriptor (NotSupportedException, No text.), so it makes nothing of it; please report that, with the file",
                "broken.pyvene.json"),
            (diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), diagnostic.Location.GetLineSpan().Path));
        Assert.Equal(3, result.GeneratedSources.Length);
    }

    [Fact]
    public void AFileLargerThanAnyDescriptorIsNotRead()
    {
        var result = GeneratorRun.Twice(
            [new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good.Replace("A toy.", new string('a', 300_000), StringComparison.Ordinal))], out _);
        Assert.Equal("PVT009", Assert.Single(result.Diagnostics).Id);
        Assert.Empty(result.GeneratedSources);
    }

    [Fact]
    public void AtMostAHundredErrorsOfAFileAreShown()
    {
        var keys = string.Concat(Enumerable.Range(0, 10_000).Select(number => $"\"key{number}\": 1, "));
        var result = GeneratorRun.Twice(
            [new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good).With("\"summary\": \"A toy.\",", $"\"summary\": \"A toy.\", {keys}")], out _);
        Assert.Equal(101, result.Diagnostics.Length);
        Assert.Equal(
            "The descriptor has more than 100 errors; mend the ones before this first",
            result.Diagnostics[^1].GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void AnAlternativeMayLeadBackToItsSizeWhereAnotherDoesNot() => GeneratorRun.Of(new DescriptorFile("toy.pyvene.json", DiagnosticCases.Good)
        .With("\"dModel\": [\"n_embd\"]", "\"dModel\": [\"n_embd\", \"heads*dHead\"]").With("[\"dModel/heads\"]", "[\"head_dim\", \"dModel/heads\"]"));

    [Fact]
    public void ATypeIsMadeByTheFirstOfTwoDescriptors()
    {
        var first = new DescriptorFile("a.pyvene.json", DiagnosticCases.Good);
        var second = new DescriptorFile("b.pyvene.json", DiagnosticCases.Good);
        var result = GeneratorRun.Twice([second, first], out var output);
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(
            ("PVT106", "Type 'Toy' is also made by 'a.pyvene.json'; choose another type in one of the two descriptors", "b.pyvene.json"),
            (diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), diagnostic.Location.GetLineSpan().Path));
        Assert.Equal("\"Toy\"", DiagnosticCases.Good.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal(3, result.GeneratedSources.Length);
        Assert.DoesNotContain(output.GetDiagnostics(), made => made.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void NoTextMakesTheGeneratorThrow()
    {
        // Every prefix, and every text with one character replaced by one that means something.
        var text = DescriptorFile.Read("views").Content;
        var driver = Programs.Driver("Sample");
        var compilation = Programs.Library();
        var random = new Random(1);
        for (var trial = 0; trial < 400; trial++)
        {
            var at = random.Next(text.Length);
            var broken = trial % 2 == 0 ? text[..at] : text[..at] + "{}[]\",:\\0-"[random.Next(10)] + text[(at + 1)..];
            GeneratorRun.Single(driver.AddAdditionalTexts([new DescriptorFile("broken.pyvene.json", broken)]).RunGenerators(compilation));
        }

        GeneratorRun.Single(driver.AddAdditionalTexts([new DescriptorFile("deep.pyvene.json", new string('[', 100_000))]).RunGenerators(compilation));
    }
}
