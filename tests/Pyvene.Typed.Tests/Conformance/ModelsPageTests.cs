using Pyvene.Typed.Conformance.Results;

namespace Pyvene.Typed.Tests.Conformance;

public sealed class ModelsPageTests
{
    private static string Docs(string file) => Path.Combine(Repository.Root, "docs", file);

    [Fact]
    public void ThePageOfModelsIsWhatTheCommandMakesOfTheCommittedResults() => Assert.Equal(
        ModelsPage.Write(ConformanceResults.Read(Docs("conformance.json"))), File.ReadAllText(Docs("models.md")));

    [Fact]
    public void ResultsAreWrittenAsTheyWereRead()
    {
        var text = File.ReadAllText(Docs("conformance.json"));

        Assert.Equal(text, ConformanceResults.Read(Docs("conformance.json")).ToJson());
    }

    [Fact]
    public void CasesThatDidNotPassAreCountedOpenly()
    {
        ResultsRow[] rows = [new("models/a", "forward.jsonl", "AModel", "float32", 3, 1, 1), new("models/b", "forward.jsonl", "AModel", "float32", 2, 0, 0)];

        Assert.Equal("5 of 7", ArchitectureRow.Count(rows));
        Assert.Equal("2", ArchitectureRow.Count(rows[1..]));
        Assert.Equal("no case", ArchitectureRow.Count([]));
    }

    [Fact]
    public void AFileThatHoldsNoResultsIsRefusedByName()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "{}");

        var refused = Assert.Throws<InvalidDataException>(() => ConformanceResults.Read(path));

        Assert.Contains($"'{path}' holds no results", refused.Message);
        File.Delete(path);
    }
}
