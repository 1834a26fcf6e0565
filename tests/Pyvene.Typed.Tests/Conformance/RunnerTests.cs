using System.Text.Json;
using Pyvene.Typed.Conformance;

namespace Pyvene.Typed.Tests.Conformance;

public sealed class RunnerTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("golden").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("models/gpt2-lm", "models", "models")]
    [InlineData("interventions/components", "interventions", "interventions/models")]
    [InlineData("interventions/models/gpt2-lm", "models", "interventions/models")]
    [InlineData("training/interventions", "training", "training/models")]
    [InlineData("training", "training", "training/models")]
    [InlineData("saved/rotated", "saved", "interventions/models")]
    [InlineData("generation", "generation", "training/models")]
    [InlineData("real/smollm2", "real", "models")]
    public void TheNearestGroupNameInThePathIsTheGroup(string path, string group, string models)
    {
        var folder = GoldenFolder.Of(Path.Combine(_root, path));

        Assert.Equal(group, folder?.Group);
        Assert.Equal(Path.Combine(_root, models), folder?.Models);
    }

    [Fact]
    public void AFolderOfNoGroupHasNone() => Assert.Null(GoldenFolder.Of(Path.Combine(_root, "components")));

    [Fact]
    public void AMissingFolderIsOneClearFailure()
    {
        var result = Assert.Single(ConformanceRun.Run(Path.Combine(_root, "nowhere"), CaseFilter.Everything));

        Assert.False(Assert.Single(result.Cases).Passed);
        Assert.Equal("does not exist", result.Cases[0].Message);
    }

    [Fact]
    public void AFolderWithoutCasesIsAFailure() =>
        Assert.Contains("holds no cases", Assert.Single(ConformanceRun.Run(_root, CaseFilter.Everything)).Cases[0].Message);

    [Fact]
    public void CasesOutsideAnyGroupAreAFailureThatNamesTheGroups()
    {
        Write("elsewhere/cases.jsonl", """{"id": "a"}""");

        Assert.Contains("one of models, interventions", Assert.Single(ConformanceRun.Run(_root, CaseFilter.Everything)).Cases[0].Message);
    }

    [Fact]
    public void ALineThatIsNoJsonFailsAloneAndIsNamedByItsPlace()
    {
        var path = Write("gguf/cases.jsonl", "{\"id\": \"a\"}\n{nonsense\n[1]\n\n{\"id\": \"b\"}\n");

        var results = new GoldenFile(path).Run(CaseFilter.Everything, (_, _) => { }).ToList();

        Assert.Equal(["a", $"{path}:2", $"{path}:3", "b"], results.Select(result => result.Id));
        Assert.Equal([true, false, false, true], results.Select(result => result.Passed));
        Assert.Contains("not valid JSON", results[1].Message);
        Assert.Contains("expected a JSON object", results[2].Message);
    }

    [Fact]
    public void ACaseThatThrowsIsAFailedCase()
    {
        var path = Write("gguf/cases.jsonl", "{\"id\": \"a\"}\n{\"id\": \"b\"}\n");

        var results = new GoldenFile(path).Run(CaseFilter.Everything, (golden, comparison) => comparison.Holds(golden.Required("x").GetBoolean(), "")).ToList();

        Assert.Equal(2, results.Count);
        Assert.All(results, result => Assert.Contains("has no field 'x'", result.Message));
    }

    [Fact]
    public void TensorsOfACaseEndWithIt()
    {
        var path = Write("gguf/cases.jsonl", "{\"id\": \"a\"}\n{\"id\": \"b\"}\n");
        var before = LiveTensors.OfThisThread;

        foreach (var _ in new GoldenFile(path).Run(CaseFilter.Everything, (_, _) => TorchSharp.torch.zeros(3)))
            Assert.Equal(before, LiveTensors.OfThisThread);
    }

    [Fact]
    public void AMissingTensorFileIsNamed()
    {
        var path = Write("gguf/cases.jsonl", """{"id": "a", "x": {"t": "in/0"}}""");

        var result = Assert.Single(new GoldenFile(path).Run(CaseFilter.Everything, (golden, _) => golden.Tensor(golden.Required("x"))));

        Assert.Contains("cases.safetensors", result.Message);
    }

    [Fact]
    public void AnUnsupportedCaseIsMarkedAndItsNeighboursRun()
    {
        var path = Write("gguf/cases.jsonl", "{\"id\": \"a\", \"new\": true}\n{\"id\": \"b\"}\n");

        var results = new GoldenFile(path).Run(CaseFilter.Everything, (golden, _) =>
        {
            if (golden.Flag("new")) throw new UnsupportedCaseException("not yet");
        }).ToList();

        Assert.Equal((false, false), (results[0].Passed, results[0].Supported));
        Assert.True(results[1].Passed);
    }

    [Fact]
    public void TheFilterIsATextInTheId()
    {
        Assert.True(new CaseFilter("MLP_out").Matches("gpt2-lm/mlp_output/zero"));
        Assert.False(new CaseFilter("mlp_input").Matches("gpt2-lm/mlp_output/zero"));
        Assert.True(CaseFilter.Everything.Matches("anything"));
    }

    [Fact]
    public void ToleranceIsTheCasesOwnWhereItHasOne()
    {
        using var json = JsonDocument.Parse("""{"tol": {"rtol": 0.5, "losses": {"rtol": 0.25, "atol": {"f": "inf"}}}}""");
        var golden = new GoldenCase("a", json.RootElement, _ => throw new InvalidOperationException());

        Assert.Equal(new Tolerance(0.5, 1e-5), golden.Tolerance(Tolerance.Forward));
        Assert.Equal(new Tolerance(0.25, double.PositiveInfinity), golden.Tolerance(Tolerance.Forward, "losses"));
    }

    [Theory]
    [InlineData(0.5, """{"id":"a/ü","passed":false,"largest":0.5,"message":"x: \"1\""}""")]
    [InlineData(double.PositiveInfinity, """{"id":"a/ü","passed":false,"largest":{"f":"inf"},"message":"x: \"1\""}""")]
    public void AReportLineIsOneJsonObject(double largest, string line) =>
        Assert.Equal(line, ReportFile.Line(new CaseResult("a/ü", false, largest, "x: \"1\"")));

    [Fact]
    public void APassedCaseReportsNoMessage() =>
        Assert.Equal("""{"id":"a","passed":true,"largest":0,"message":null}""", ReportFile.Line(new CaseResult("a", true, 0, null)));

    [Theory]
    [InlineData(false, "1 passed, 2 failed")]
    [InlineData(true, "1 passed, 1 failed")]
    public void TheLastLineSumsUp(bool supportedOnly, string last)
    {
        var output = new StringWriter { NewLine = "\n" };
        var report = new ConsoleReport(output, supportedOnly);

        var failed = new CaseResult("c", false, 0.25, "x[0]: 1, expected 2");
        report.Add(new FolderResult("gguf", [new CaseResult("a", true, 0, null), CaseResult.Unsupported("b", "later"), failed]));
        report.Finish();

        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(last, lines[^1]);
        Assert.Contains("  FAILED c (largest difference 0.25): x[0]: 1, expected 2", lines);
        Assert.Equal(supportedOnly, lines.Contains("1 left out: not supported yet"));
        Assert.True(report.AnyFailed);
    }

    private string Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }
}
