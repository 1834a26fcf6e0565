using System.Text.Json.Nodes;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tests.Json;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Metrics and sweeps are data: what comes back from their text runs with the same numbers, on a model without a type.</summary>
public sealed class SweepGridTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";
    private const string Peru = "The capital of Peru is";

    private static LanguageModel Untyped => Primer.Model;

    private static SweepGrid Patches => Primer.Model.Grid(
        Gpt2.Layers(2..5),
        Positions.All,
        (layer, at) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(at)),
        Spain,
        [Italy],
        [Metric.Probability(" Rome"), Metric.DivergenceFromClean]);

    [Fact]
    public void MetricsComeBackFromTheirText()
    {
        foreach (var metric in new[]
        {
            Metric.Probability(" Rome"),
            Metric.Logit([" Rome", " \"quoted\"\n"]),
            Metric.LogitDifference([(" Rome", " Madrid"), (" Lima", " Paris")]),
            Metric.Rank(" Rome"),
            Metric.DivergenceFromClean,
        })
        {
            var read = Metric.FromJson(metric.ToJson());
            Assert.Equal(metric, read);
            Assert.Equal((metric.Name, metric.ToJson()), (read.Name, read.ToJson()));
        }

        Assert.NotEqual(Metric.Probability(" Rome"), Metric.Probability(" Madrid"));
        Assert.Equal(
            "{\n  \"version\": 1,\n  \"type\": \"logit_difference\",\n  \"tokens\": [\n    \" Rome\"\n  ],\n  \"others\": [\n    \" Madrid\"\n  ]\n}\n",
            Metric.LogitDifference(" Rome", " Madrid").ToJson());
    }

    [Fact]
    public void MetricOfYourOwnIsRefusedByName()
    {
        var own = Metric.Of("entropy", logits => logits.select(1, 0));
        var error = Assert.Throws<InterventionException>(own.ToJson);
        Assert.StartsWith("The metric 'entropy' is a function of your own, which JSON does not keep.", error.Message, StringComparison.Ordinal);
        var grid = Primer.Model.Grid(Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.MlpOutput), Spain, [], own);
        Assert.Equal(error.Message, Assert.Throws<InterventionException>(grid.ToJson).Message);
        Assert.Equal(6, Untyped.Sweep(grid).Rows.Count); // as long as it is not written, it runs
    }

    [Theory]
    [InlineData("{\"type\":\"rank\",\"tokens\":[\" a\"]}", "has no 'version'; this library writes version 1")]
    [InlineData("{\"version\":2,\"type\":\"rank\",\"tokens\":[\" a\"]}", "The metric has version 2, but this library reads version 1")]
    [InlineData("{\"version\":1,\"tokens\":[\" a\"]}", "'type' must be a text, but is missing")]
    [InlineData("{\"version\":1,\"type\":\"ranks\",\"tokens\":[\" a\"]}", "'type' must be one of \"probability\"")]
    [InlineData("{\"version\":1,\"type\":\"rank\"}", "'tokens' must have at least one token for \"rank\"")]
    [InlineData("{\"version\":1,\"type\":\"divergence_from_clean\",\"tokens\":[\" a\"]}", "'tokens' must be left out for \"divergence_from_clean\"")]
    [InlineData("{\"version\":1,\"type\":\"logit_difference\",\"tokens\":[\" a\"]}", "'others' must have as many tokens as 'tokens', 1, but has 0")]
    [InlineData("{\"version\":1,\"type\":\"rank\",\"tokens\":[\" a\"],\"others\":[\" b\"]}", "'others' must be left out for \"rank\"")]
    [InlineData("{\"version\":1,\"type\":\"rank\",\"token\":\" a\"}", "Did you mean 'tokens'?")]
    [InlineData("{\"version\":1,\"type\":\"rank\",\"tokens\":[3]}", "'tokens[0]' must be a text, but is 3")]
    public void TextThatIsNoMetricIsRefusedAtItsPlace(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<InterventionException>(() => Metric.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void GridComesBackFromItsTextAndRunsWithTheNumbersOfTheTypedSweep()
    {
        var typed = Primer.Model.Sweep(
            Gpt2.Layers(2..5),
            Positions.All,
            (layer, at) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(at)),
            Spain,
            Italy,
            [Metric.Probability(" Rome"), Metric.DivergenceFromClean]);
        var grid = SweepGrid.FromJson(Patches.ToJson());
        Assert.Equal(Patches.ToJson(), grid.ToJson());
        Assert.Equal(["layer", "position"], grid.Axes.Select(axis => axis.Name));
        Assert.Equal(Patches.Cells.AsEnumerable(), grid.Cells);
        Assert.Equal(["layer 3", "Spain"], grid.NamesOf(8).AsEnumerable());
        var table = Untyped.Sweep(grid);
        Assert.Equal(typed.ToString(), table.ToString());
        Assert.Equal(typed[Gpt2.Layer(3), 3], table["layer 3", "Spain"]);
        Assert.Equal(typed.Of(Metric.DivergenceFromClean)[Gpt2.Layer(4), ^1], table.Of(Metric.DivergenceFromClean)["layer 4", "is"]);
        Assert.Throws<ArgumentException>(() => table[2, 0]); // the third row, or layer 2
    }

    [Fact]
    public void ProductOfAxesIsAsManyAxes()
    {
        var grid = Primer.Model.Grid(
            Gpt2.Layers(1..3).By(Gpt2.AllHeads).By(Positions.Of(3, ^1)).By(Axis.Of("a", "b")),
            at => Gpt2.Experiment.Interchange(at.First.First.First.HeadAttentionValueOutput.Head(at.First.First.Second).At(at.First.Second)),
            Prompt.Of(Spain, Peru),
            [Prompt.Of(Italy, Italy)],
            Metric.LogitDifference([(" Rome", " Madrid"), (" Rome", " Lima")]));
        Assert.Equal(["layer", "head", "position", "value"], grid.Axes.Select(axis => axis.Name));
        JsonSchemas.Accepts("grid", grid.ToJson());
        var read = SweepGrid.FromJson(grid.ToJson());
        var table = Untyped.Sweep(read);
        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal(2 * Primer.Model.HeadCount * 2, table.Rows.Count);
        using var run = Primer.Model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(2).HeadAttentionValueOutput.Head(1).At(3)), Spain, Italy);
        Assert.Equal(run.Measure(Metric.LogitDifference(" Rome", " Madrid")).Mean, table.Values("layer 2, head 1, Spain", "b")[0], 1e-3);
        Assert.Equal(2 * Primer.Model.HeadCount * 2, JsonNode.Parse(grid.ToJson())!["interventions"]!.AsArray().Count); // each stands once
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2")]
    [InlineData("\"axes\"", "\"axis\"")]
    [InlineData("\"probability\"", "\"likelihood\"")]
    [InlineData("\"texts\"", "\"text\"")]
    public void TheSchemaRefusesWhatIsNoGrid(string from, string to) =>
        JsonSchemas.Refuses("grid", Patches.ToJson().Replace(from, to, StringComparison.Ordinal));

    [Fact]
    public void MarksSkippedSourcesAndTokenIdsComeBack()
    {
        var @base = Prompt.OfTokens([5, 6, 7], [5, 6, 8, 9]).Mark("end", 2, 3).Mark("last", ^1);
        var grid = new SweepGrid(
            [new SweepAxis("strength", "none", "much")],
            [
                new InterventionConfig { Architecture = "gpt2", Sources = 2 },
                Gpt2.Experiment.Interchange(Gpt2.Layer(1).MlpOutput.At(Positions.Marked("end")))
                    .Interchange(Gpt2.Layer(2).MlpOutput.From(Source.Second)).ToConfig(),
            ],
            @base,
            [Prompt.Of(Spain, "A cat").Mark("end", "Spain", "cat"), Source.Skip],
            Metric.DivergenceFromClean);
        var read = SweepGrid.FromJson(grid.ToJson());
        JsonSchemas.Accepts("grid", grid.ToJson());
        Assert.Equal(grid.ToJson(), read.ToJson());
        Assert.Equal(@base.TokenIds[1].AsEnumerable(), read.Base.TokenIds[1]);
        Assert.Equal(["end", "last"], read.Base.Marks.Keys.Order());
        Assert.Null(read.Sources[1].Prompt);
        Assert.Empty(read.Cells[0].Interventions);
        Assert.Equal(2, read.Cells[1].Interventions.Length);
    }

    [Fact]
    public void TokensThatStandTwiceKeepNamesOfTheirOwn()
    {
        var grid = Primer.Model.Grid(
            Gpt2.Layers(1..2),
            Positions.All,
            (layer, at) => Gpt2.Experiment.Zero(layer.MlpOutput.At(at)),
            "The Spain is a Spain",
            [],
            Metric.DivergenceFromClean);
        Assert.Equal(["The", "Spain (1)", "is", "a", "Spain (4)"], grid.Axes[1].Values.AsEnumerable());
        Assert.Throws<ArgumentException>(() => new SweepAxis("x", "a", "a"));
    }

    [Fact]
    public void CellsThatDoNotFitTheAxesAreRefused()
    {
        var cell = new InterventionConfig();
        Assert.Contains(
            "The axes have 2 × 3 values, 6 combinations, but there are 1 cells",
            Assert.Throws<ArgumentException>(() =>
                new SweepGrid([new("x", "a", "b"), new("y", "a", "b", "c")], [cell], Spain, [], Metric.DivergenceFromClean)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "The cells take 0 sources, but 1 were given",
            Assert.Throws<ArgumentException>(() => new SweepGrid([new("x", "a")], [cell], Spain, [Italy], Metric.DivergenceFromClean)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SweepGrid([], [cell], Spain, [], Metric.DivergenceFromClean));
    }

    [Theory]
    [InlineData("cells", "[[0],[1],[99]]", "must be the number of an intervention, 0 to 14")]
    [InlineData("cells", "[[0],[1]]", "15 combinations, but there are 2 cells")]
    [InlineData("axes", "[{\"name\":\"x\",\"values\":[]}]", "needs at least one value")]
    [InlineData("axes", "[{\"name\":\"x\",\"values\":[\"a\"],\"numbers\":[1,2]}]", "2 numbers for 1 values")]
    [InlineData("metrics", "[]", "at least one metric")]
    [InlineData("metrics", "[{\"type\":\"own\"}]", "'metrics[0].type' must be one of")]
    [InlineData("base", "{}", "'base' must be an object with either \"texts\" or \"tokens\"")]
    [InlineData("base", "{\"texts\":[]}", "at least one text")]
    [InlineData("sources", "[]", "take 0 sources")]
    [InlineData("sources", "[3]", "'sources[0]' must be an object")]
    [InlineData("version", "7", "The grid has version 7")]
    public void TextThatIsNoGridIsRefusedAtItsPlace(string field, string value, string expected)
    {
        var text = JsonNode.Parse(Patches.ToJson())!.AsObject();
        text[field] = JsonNode.Parse(value);
        if (field == "sources" && value == "[]") text["cells"] = JsonNode.Parse("[[0]]");
        var message = Assert.ThrowsAny<Exception>(() => SweepGrid.FromJson(text.ToJsonString())).Message;
        Assert.Contains(field == "sources" && value == "[]" ? "combinations" : expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void GridIsAFileThatNamesItselfWhereItIsWrong()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        try
        {
            Patches.Save(path);
            Assert.Equal(Patches.ToJson(), SweepGrid.Load(path).ToJson());
            File.WriteAllText(path, "{\"version\": 1, \"axis\": []}");
            Assert.StartsWith(path, Assert.Throws<InterventionException>(() => SweepGrid.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
