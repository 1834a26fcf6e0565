using System.Text.Json;
using Pyvene.Typed.Engine;

namespace Pyvene.Typed.Tests.Running;

public sealed class SweepTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";

    /// <summary>
    /// The numbers are PyTorch's for the weights that ship, in float64. (Those of models/primer/expect.json were recorded before the weights were rounded to
    /// float16; PyTorch itself differs from them by up to 6e-4.)
    /// </summary>
    [Theory]
    [InlineData("block")]
    [InlineData("attn")]
    [InlineData("mlp")]
    public void SweepsOfThePrimerAreThoseOfPyTorch(string place)
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "golden", "primer", "sweeps.json")));
        foreach (var sweep in expected.RootElement.GetProperty("sweeps").EnumerateArray())
        {
            var (@base, source) = (sweep.GetProperty("base").GetString()!, sweep.GetProperty("source").GetString()!);
            var words = sweep.GetProperty("words").EnumerateArray().Select(word => word.GetString()!).ToArray();
            var recorded = sweep.GetProperty("p_by_layer_and_position").GetProperty(place);
            for (var word = 0; word < words.Length; word++)
            {
                var table = Primer.Model.Sweep(
                    Gpt2.AllLayers,
                    Positions.All,
                    (layer, position) => Gpt2.Experiment.Interchange(Place(layer, place).At(position)),
                    @base,
                    source,
                    Metric.Probability(words[word]));
                for (var layer = 0; layer < table.Rows.Count; layer++)
                {
                    for (var position = 0; position < table.Columns.Count; position++)
                    {
                        Assert.Equal(recorded[layer][position][word].GetDouble(), table[layer, position], 1e-5);
                    }
                }
            }
        }
    }

    [Fact]
    public void CellThatIgnoresAValueOfItsAxesIsRefused()
    {
        var metric = Metric.Probability(" Rome");
        Refused("The cell of the sweep is the same experiment for every value of its rows (layer 0, layer 1, …), so that all 6 would be equal.", () =>
            _ = Primer.Model.Sweep(
                Gpt2.AllLayers, Positions.All, (_, at) => Gpt2.Experiment.Interchange(Gpt2.Layer(3).BlockOutput.At(at)), Spain, Italy, metric));
        Refused("for every value of its columns (The, capital, …), so that all 5", () =>
            _ = Primer.Model.Sweep(Gpt2.AllLayers, Positions.All, (layer, _) => Gpt2.Experiment.Zero(layer.MlpOutput), Spain, metric));
        Refused("for every value of its rows (layer 0, layer 1, …)", () =>
            _ = Primer.Model.Sweep(Gpt2.AllLayers, _ => Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput), Spain, metric));
        Refused("for every value of its rows (0.5, 2)", () =>
            _ = Primer.Model.Sweep(Axis.Of(0.5, 2), _ => Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput), Spain, metric));
        Refused("for every value of its rows (layer 0, layer 1, …)", () =>
            _ = Primer.Model.Sweep(Gpt2.AllLayers, _ => Gpt2.Experiment.Apply(Gpt2.Layer(0).MlpOutput, new Jitter()), Spain, metric));

        static void Refused(string message, Action sweep) =>
            Assert.Contains(message, Assert.Throws<Errors.InterventionException>(sweep).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CellsThatAreTheSameOnPurposeAreRun()
    {
        var metric = Metric.Probability(" Rome");
        var seeds = Primer.Model.Sweep(Axis.Of(0, 1), _ => Gpt2.Experiment.Apply(Gpt2.Layer(0).MlpOutput, new Jitter()), Spain, metric);
        Assert.Equal(2, seeds.Rows.Count); // repetitions of what draws at random
        Assert.Equal(2, Primer.Model.Sweep(Axis.Of(0, 1), _ => Gpt2.Experiment, Spain, metric).Rows.Count);
        var some = Primer.Model.Sweep(
            Axis.Of("patch", "control"),
            Gpt2.AllLayers,
            (kind, layer) => Gpt2.Experiment.Interchange((kind == "patch" ? layer : Gpt2.Layer(0)).BlockOutput.At(^1)),
            Spain,
            Italy,
            metric);
        Assert.Equal(some["control", Gpt2.Layer(3)], some["control", Gpt2.Layer(4)], 1e-5);
        var product = Primer.Model.Sweep(
            Gpt2.Layers(1..3).By(Axis.Of("a", "b")), at => Gpt2.Experiment.Interchange(at.First.BlockOutput.At(^1)), Spain, Italy, metric);
        Assert.Equal(product[(Gpt2.Layer(1), "a")], product[(Gpt2.Layer(1), "b")], 1e-5);

        using var first = new Pyvene.Typed.Interventions.Trainable.RotatedSpace(128);
        using var second = new Pyvene.Typed.Interventions.Trainable.RotatedSpace(128);
        var table = Primer.Model.Sweep(
            Axis.Of(0, 1), trained => Gpt2.Experiment.Apply(Gpt2.Layer(3).BlockOutput.At(^1), trained == 0 ? first : second), Spain, Italy, metric);
        Assert.Equal(2, table.Rows.Count); // what learns is all that differs
    }

    private sealed record Jitter : Typed.Interventions.SourcelessIntervention
    {
        public override string Type => "jitter";

        public override TorchSharp.torch.Tensor Apply(
            TorchSharp.torch.Tensor @base, TorchSharp.torch.Tensor? source, TorchSharp.torch.Tensor? features) =>
            @base + TorchSharp.torch.randn_like(@base);

        public override System.Text.Json.Nodes.JsonObject ToParameters() => [];
    }

    [Fact]
    public void CellOfASweepIsARunByItself()
    {
        var table = Primer.Model.Sweep(
            Gpt2.AllLayers,
            Positions.All,
            (layer, position) => Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(2).At(position)),
            Spain,
            Italy,
            Metric.Logit(" Rome"));
        Assert.True(Primer.Model.Tokenizer!.TryGetId(" Rome", out var rome));
        for (var layer = 0; layer < 6; layer++)
        {
            for (var position = 0; position < 5; position++)
            {
                using var run = Primer.Model.Run(
                    Gpt2.Experiment.Interchange(Gpt2.Layer(layer).HeadAttentionValueOutput.Head(2).At(position)),
                    Spain,
                    Italy,
                    new RunOptions { Effects = EffectCheck.Report, SharesWork = false });
                Assert.Equal(run.Logits[0, 4, rome].item<float>(), table[layer, position], 1e-3);
            }
        }
    }

    [Fact]
    public void MetricOfARunIsThatOfItsCell()
    {
        var place = Gpt2.Layer(3).BlockOutput.At(^1);
        foreach (var metric in new[]
        {
            Metric.Probability(" Rome"),
            Metric.Rank(" Rome"),
            Metric.LogitDifference(" Rome", " Madrid"),
            Metric.DivergenceFromClean,
        })
        {
            var table = Primer.Model.Sweep(Axis.Of(3), layer => Gpt2.Experiment.Interchange(Gpt2.Layer(layer).BlockOutput.At(^1)), Spain, Italy, metric);
            using var run = Primer.Model.Run(Gpt2.Experiment.Interchange(place), Spain, Italy);
            var measured = run.Measure(metric);
            Assert.Equal(table[3], measured.Mean, 1e-4);
            Assert.Equal(table.Clean, measured.Clean!.Value[0], 1e-4);
        }
    }

    [Fact]
    public void MetricThatComparesNeedsTheCleanRun()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput), Prompt.Of(Spain, Italy), new RunOptions { WithClean = false });
        Assert.Contains(
            "WithClean = true", Assert.Throws<InvalidOperationException>(() => run.Measure(Metric.DivergenceFromClean)).Message, StringComparison.Ordinal);
        var measured = run.Measure(Metric.Probability(" Rome"));
        Assert.Null(measured.Clean);
        Assert.Equal(2, measured.Intervened.Length);
        Assert.StartsWith("p(\" Rome\"): ", measured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CellWithoutEffectIsAResult()
    {
        var table = Primer.Model.Sweep(
            Gpt2.AllLayers,
            Positions.Of(0, 3),
            (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position)),
            Spain,
            Italy,
            Metric.Probability(" Madrid"));
        Assert.Equal(table.Clean, table[Gpt2.Layer(0), 0], 1e-6);
        Assert.True(table.Receipts[0].IsWithoutEffect);
        Assert.Equal(["The", "Spain"], table.Columns);
    }

    [Fact]
    public void SweepInWhichNoCellHasAnEffectThrows()
    {
        Func<Gpt2.Block, Index, Experiment<Gpt2, OneSource>> cell = static (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position));
        var error = Assert.Throws<Errors.InterventionException>(() =>
            Primer.Model.Sweep(Gpt2.AllLayers, 0..2, cell, Spain, Italy, Metric.Probability(" Madrid")));
        Assert.Equal(
            "No cell of the sweep has an effect: intervention 0 (interchange at block_output of layer 0, position 0) changed nothing, and in all 12 cells "
                + "every value stayed what it was up to rounding. If that is a result, run with EffectCheck.Report.", error.Message);
        error = Assert.Throws<Errors.InterventionException>(() =>
            Primer.Model.Sweep(Gpt2.AllLayers, Positions.All, cell, Spain, Spain, Metric.Probability(" Madrid")));
        Assert.Contains("The base and a source are one prompt.", error.Message, StringComparison.Ordinal);
        var table = Primer.Model.Sweep(
            Gpt2.AllLayers, 0..2, cell, Spain, Italy, Metric.Probability(" Madrid"), new RunOptions { Effects = EffectCheck.Report });
        Assert.Equal(table.Clean, table[0, 0], 1e-6);
    }

    [Fact]
    public void StrengthOfZeroIsACellLikeAnother()
    {
        var vector = Enumerable.Range(0, 128).Select(feature => feature / 64f).ToArray();
        var table = Primer.Model.Sweep(Axis.Of(0.0, 2.0), strength => Steered((float)strength), Spain, Metric.Logit(" Rome"));
        Assert.Equal(table.Clean, table[0.0], 1e-4);
        Assert.NotEqual(table.Clean, table[2.0], 1e-2);
        Assert.True(
            Assert.Single(Primer.Model.Sweep(Axis.Of(0.0), strength => Steered((float)strength), Spain, Metric.Logit(" Rome")).Receipts).MayChangeNothing);
        using var run = Primer.Model.Run(Steered(0), Spain);
        Assert.Equal(0, run.Receipts[0].ChangedElements);

        Experiment<Gpt2, NoSource> Steered(float strength) =>
            Gpt2.Experiment.Add(Gpt2.Layer(2).BlockOutput.At(^1), vector.Select(value => value * strength).ToArray());
    }

    [Fact]
    public void TableOfSomeLayersIsIndexedByThem()
    {
        var table = Primer.Model.Sweep(
            Gpt2.Layers(2..6),
            Positions.Of(3, ^1),
            (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position)),
            Spain,
            Italy,
            Metric.Probability(" Rome"));
        var all = Primer.Model.Sweep(
            Gpt2.AllLayers,
            Positions.All,
            (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position)),
            Spain,
            Italy,
            Metric.Probability(" Rome"));
        foreach (var layer in Gpt2.Layers(2..6).On(Primer.Model))
        {
            Assert.Equal(all[layer, 3], table[layer, 3], 1e-5);
            Assert.Equal(all[layer, ^1], table[layer, ^1], 1e-5);
            Assert.Equal(all[layer, 4], table[layer, ^1], 1e-5);
        }

        var error = Assert.Throws<ArgumentException>(() => table[2, 0]);
        Assert.Contains("The row at place 2 of this table is 'layer 4', so 2 could mean either.", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "did not go through layer 1; its rows are layer 2, layer 3",
            Assert.Throws<ArgumentException>(() => table[Gpt2.Layer(1), 3]).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "has no row 5; it has 4 (0 to 3): layer 2", Assert.Throws<ArgumentOutOfRangeException>(() => table[5, 0]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PromptThatIsTooLongIsRefusedBeforeACellIsMade()
    {
        var cells = 0;
        var error = Assert.Throws<Errors.InterventionException>(() => Primer.Model.Sweep(
            Gpt2.AllLayers,
            Positions.All,
            (layer, position) =>
            {
                cells++;
                return Gpt2.Experiment.Zero(layer.MlpOutput.At(position));
            },
            Prompt.OfTokens([.. Enumerable.Repeat(5, 5000)]),
            Metric.Logit(" Rome")));
        Assert.Contains("5000", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, cells);
    }

    [Fact]
    public void MetricThatIsNoNumberIsNamedWithItsCell()
    {
        var nan = Metric.Of("broken", logits => logits.select(1, 0) * double.NaN);
        var error = Assert.Throws<Errors.InterventionException>(() =>
            Primer.Model.Sweep(Gpt2.Layers(3..4), layer => Gpt2.Experiment.Zero(layer.MlpOutput), Spain, nan));
        Assert.Contains("'broken' is not a number (NaN) in the cell of layer 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SweepWithoutASourceAblates()
    {
        var table = Primer.Model.Sweep(
            Gpt2.AllLayers,
            Positions.Of(^1),
            (layer, position) => Gpt2.Experiment.Zero(layer.MlpOutput.At(position)),
            Spain,
            Metric.LogitDifference(" Madrid", " Rome"));
        Assert.Equal(6, table.Rows.Count);
        Assert.NotEqual(table.Clean, table[5, 0], 1e-3);
    }

    [Fact]
    public void MetricOfAWordThatIsNotOneTokenIsRefused()
    {
        var error = Assert.Throws<Errors.InterventionException>(() => Primer.Model.Sweep(
            Gpt2.AllLayers, Positions.All, (layer, position) => Gpt2.Experiment.Zero(layer.MlpOutput.At(position)), Spain, Metric.Probability("Italy")));
        Assert.Contains("Did you mean \" Italy\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RankAndDivergenceTellHowFarARunIsFromTheCleanOne()
    {
        var rank = Sweep(Metric.Rank(" Rome"));
        Assert.True(rank.Clean > 0);
        Assert.Equal(0, rank[5, 0]); // behind the last block the source's answer is the likeliest
        var divergence = Sweep(Metric.DivergenceFromClean);
        Assert.Equal(0, divergence.Clean, 1e-5);
        Assert.True(divergence[5, 0] > 1);

        static Typed.Analysis.SweepTable Sweep(Metric metric) =>
            Primer.Model.Sweep(
                Gpt2.AllLayers, Positions.Of(^1), (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position)), Spain, Italy, metric);
    }

    [Fact]
    public void TableIsWrittenAsCsvAndJson()
    {
        var table = Primer.Model.Sweep(
            Gpt2.AllLayers, 3..5, (layer, position) => Gpt2.Experiment.Zero(layer.MlpOutput.At(position)), Spain, Metric.Probability(" Madrid"));
        var lines = table.ToCsv().TrimEnd().Split('\n');
        Assert.Equal("row,Spain,is", lines[0]);
        Assert.Equal(table[Gpt2.Layer(2), 4], double.Parse(lines[3].Split(',')[2], System.Globalization.CultureInfo.InvariantCulture));
        using var json = JsonDocument.Parse(table.ToJson());
        Assert.Equal(table[Gpt2.Layer(2), ^1], json.RootElement.GetProperty("values")[2][1].GetDouble());
        Assert.Equal("p(\" Madrid\")", json.RootElement.GetProperty("metric").GetString());
    }

    private static PositionComponent<Gpt2> Place(Gpt2.Block layer, string place) =>
        place switch { "block" => layer.BlockOutput, "attn" => layer.AttentionOutput, _ => layer.MlpOutput };
}
