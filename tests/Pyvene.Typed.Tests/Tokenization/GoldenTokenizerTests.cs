using Pyvene.Typed.Conformance;

namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>Runs recorded cases: the subset of the repository always, all of them where they lie beside the checkout.</summary>
public sealed class GoldenTokenizerTests
{
    private static readonly string[] WorkingFolders = ["gpt2", "gpt2-512", "roberta-512", "smollm2", "cl100k-16k", "parts", "chat"];

    [Theory]
    [InlineData("gpt2-512")]
    [InlineData("roberta-512")]
    [InlineData("chat")]
    public void TheSubsetOfTheRepositoryPasses(string folder) => Passes(Golden(folder));

    [Fact]
    public void VocabularyAndMergesGiveTheSameAsTokenizerJson()
    {
        using var copy = new TemporaryFolder("tokenizers");
        foreach (var file in (string[])["vocab.json", "merges.txt", "tokenizer_config.json", "cases.jsonl"])
            File.Copy(Path.Combine(Golden("gpt2-512"), file), Path.Combine(copy.Path, file));
        Passes(copy.Path);
    }

    [Fact]
    public void AllThatIsSupportedBesideTheCheckoutPasses()
    {
        var shared = Path.Combine(Repository.Root, "..", "shared", "golden", "tokenizers");
        if (!Directory.Exists(shared)) return;
        foreach (var folder in WorkingFolders) Passes(Path.Combine(shared, folder));
    }

    private static string Golden(string folder) => Path.Combine(Repository.Root, "tests", "golden", "tokenizers", folder);

    private static void Passes(string folder)
    {
        var results = ConformanceRun.Run(folder, CaseFilter.Everything).SelectMany(result => result.Cases).Where(result => result.Supported).ToList();
        Assert.NotEmpty(results);
        Assert.Empty(results.Where(result => !result.Passed).Select(result => $"{result.Id}: {result.Message}"));
    }
}
