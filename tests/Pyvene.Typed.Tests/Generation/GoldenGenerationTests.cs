using Pyvene.Typed.Conformance;

namespace Pyvene.Typed.Tests.Generation;

/// <summary>Runs recorded cases: the subset of the repository always, all of them where they lie beside the checkout.</summary>
public sealed class GoldenGenerationTests
{
    [Fact]
    public void EveryProcessorGivesTheRecordedScores() => Passes(Path.Combine(Repository.Root, "tests", "golden", "models", "_processors"));

    [Fact]
    public void EveryWayOfGeneratingGivesTheRecordedTexts() => Passes(Path.Combine(Repository.Root, "tests", "golden", "models", "gpt2-lm"));

    [Fact]
    public void AllCasesOfGpt2BesideTheCheckoutPass()
    {
        var shared = Path.Combine(Repository.Root, "..", "shared", "golden", "models", "gpt2-lm");
        if (Directory.Exists(shared)) Passes(shared);
    }

    private static void Passes(string folder)
    {
        var results = ConformanceRun.Run(folder, CaseFilter.Everything).SelectMany(result => result.Cases).ToList();
        Assert.NotEmpty(results);
        Assert.Empty(results.Where(result => !result.Passed).Select(result => $"{result.Id}: {result.Message}"));
    }
}
