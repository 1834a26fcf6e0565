using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>Descriptors that are like others and say only what differs, and the short form of components.</summary>
public sealed class LikeTests
{
    private static readonly DescriptorFile Base = new("a.pyvene.json",
        """
        {
          "architecture": "first", "type": "First", "summary": "The first.", "classes": { "FirstModel": "" },
          "sizes": { "layers": "n_layer", "heads": "n_head", "dModel": ["n_embd", 64], "dHead": "dModel/heads" },
          "layers": [{ "type": "Block", "count": "layers", "path": "h[layer]" }],
          "components": {
            "block_output": { "path": ".", "output": "batch position dModel", "summary": "A layer." },
            "query_output": { "path": ".q", "output": "batch position dModel", "byHead": "heads", "summary": "The queries {side by side|by head}." },
            "norm_output": { "path": ".norm", "output": "batch position dModel", "summary": "A norm." }
          },
          "pyvene": ["query_output"]
        }
        """);

    private static readonly DescriptorFile Second = new("b.pyvene.json",
        """
        {
          "architecture": "second", "like": "first", "type": "Second", "summary": "The second.", "classes": { "SecondModel": "" },
          "sizes": { "dModel": "width" },
          "components": {
            "block_output": { "summary": "Another layer." },
            "gate_output": { "path": ".gate", "output": "batch position dModel", "summary": "A gate." }
          }
        }
        """);

    [Fact]
    public void TheShortFormMakesWhatTheLongFormMakes()
    {
        var written = new DescriptorFile("a.pyvene.json",
            """
            {
              "architecture": "first", "type": "First", "summary": "The first.", "classes": { "FirstModel": "" },
              "sizes": { "layers": ["n_layer"], "heads": ["n_head"], "dModel": ["n_embd", "64"], "dHead": ["dModel/heads"] },
              "layers": [{ "type": "Block", "count": "layers" }],
              "components": [
                { "name": "block_output", "path": "h[layer]", "side": "output", "axes": ["batch", "position", "dModel"], "summary": "A layer." },
                { "name": "query_output", "path": "h[layer].q", "side": "output", "axes": ["batch", "position", "dModel"], "pyvene": true, "summary": "The queries side by side." },
                {
                  "name": "head_query_output", "path": "h[layer].q", "side": "output", "view": [{ "heads": "heads" }], "axes": ["batch", "head", "position", "dHead"],
                  "pyvene": true, "summary": "The queries by head."
                },
                { "name": "norm_output", "path": "h[layer].norm", "side": "output", "axes": ["batch", "position", "dModel"], "summary": "A norm." }
              ]
            }
            """);
        Assert.Equal(Sources(written), Sources(Base));
    }

    [Fact]
    public void OnlyDifferencesAreWrittenAndTheOrderOfTheBaseStays()
    {
        var source = Sources(Base, Second).Last(text =>
            text.Contains("class Second", StringComparison.Ordinal) && text.Contains("Key = \"second\"", StringComparison.Ordinal));
        AssertInOrder(source, "\"block_output\"", "\"gate_output\"", "\"query_output\"", "\"head_query_output\"", "\"norm_output\"");
        Assert.Contains("Another layer.", source, StringComparison.Ordinal);
        Assert.Contains("The queries by head.", source, StringComparison.Ordinal);
    }

    [Fact]
    public void ADescriptorOfAProjectMayBeLikeOneOfTheLibrary() =>
        Assert.NotEmpty(Sources(new DescriptorFile("own.pyvene.json", """
            {
              "architecture": "own", "like": "qwen3", "type": "Own", "summary": "Mine.", "classes": { "OwnModel": "" },
              "without": ["head_key_output", "lm_head_output"]
            }
            """)));

    [Fact]
    public void WhatIsTakenOverIsReportedWhereTheBaseIsNamed()
    {
        var error = Assert.Single(Run(Base, Second.With("\"gate_output\": {", "\"norm_output\": { \"path\": \".gate\" }, \"gate_output\": {")).Diagnostics);
        Assert.Equal(("PVT115", "b.pyvene.json"), (error.Id, error.Location.GetLineSpan().Path));
    }

    [Fact]
    public void ABrokenBaseIsReportedOnceAndAtTheBase()
    {
        var error = Assert.Single(Run(Base.With(".norm\"", ".norm]\""), Second).Diagnostics);
        Assert.Equal(("PVT007", "a.pyvene.json"), (error.Id, error.Location.GetLineSpan().Path));
    }

    [Fact]
    public void ACircleIsReportedOnce()
    {
        var third = new DescriptorFile(
            "c.pyvene.json", """{ "architecture": "third", "like": "second", "type": "Third", "summary": "The third.", "classes": { "ThirdModel": "" } }""");
        var error = Assert.Single(Run(Base.With("\"type\": \"First\"", "\"like\": \"second\", \"type\": \"First\""), Second, third).Diagnostics);
        Assert.Equal(
            "Architecture 'first' is like itself ('first' like 'second' like 'first'); write one of them out",
            error.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void AnEditEmitsTheDescriptorAndThoseLikeItAlone()
    {
        DescriptorFile[] files = [Base, Second, DescriptorFile.Read("images")];
        var compilation = Programs.Library();
        var driver = Programs.Driver("Sample", files).RunGenerators(compilation);
        Assert.Equal(2, Read(driver.ReplaceAdditionalText(Base, Base.With("A norm.", "The norm."))));
        Assert.Equal(1, Read(driver.ReplaceAdditionalText(Second, Second.With("A gate.", "The gate."))));
        Assert.Equal(1, Read(driver.ReplaceAdditionalText(files[2], files[2].With("stem_output", "trunk_output"))));

        int Read(GeneratorDriver edited)
        {
            var result = GeneratorRun.Single(edited.RunGenerators(compilation));
            Assert.Equal(
                GeneratorRun.Reasons(result, ModelGeneratorSteps.Parse).Count(reason => reason == IncrementalStepRunReason.Modified),
                GeneratorRun.Reasons(result, ModelGeneratorSteps.Model).Count(reason => reason == IncrementalStepRunReason.Modified));
            return GeneratorRun.Reasons(result, ModelGeneratorSteps.Model).Count(reason => reason == IncrementalStepRunReason.Modified);
        }
    }

    private static GeneratorRunResult Run(params DescriptorFile[] files) =>
        GeneratorRun.Single(Programs.Driver("Sample", files).RunGenerators(Programs.Library()));

    private static string[] Sources(params DescriptorFile[] files)
    {
        var result = Run(files);
        Assert.Empty(result.Diagnostics);
        return [.. result.GeneratedSources.Select(source => source.SourceText.ToString())];
    }

    private static void AssertInOrder(string text, params string[] parts)
    {
        var at = 0;
        foreach (var part in parts)
        {
            at = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"{part} is missing, or not in its place.");
        }
    }
}
