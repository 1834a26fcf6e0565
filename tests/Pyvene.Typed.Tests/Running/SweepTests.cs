using System.Text.Json;
using Pyvene.Typed.Engine;

namespace Pyvene.Typed.Tests.Running;

public sealed class SweepTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";

    /// <summary>
    /// The numbers are PyTorch's for the weights that ship, in float64. (Those of models/primer/expect.json were recorded before the weights were rounded to float16; PyTorch itself
    /// differs from them by up to 6e-4.)
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
                var table = Primer.Model.Sweep(Gpt2.AllLayers, Positions.All, (layer, position) => Gpt2.Experiment.Interchange(Place(layer, place).At(position)), @base, source, Metric.Probability(words[word]));
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
    public void CellOfASweepIsARunByItself()
    {
        var table = Primer.Model.Sweep(Gpt2.AllLayers, Positions.All, (layer, position) => Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(2).At(position)), Spain, Italy, Metric.Logit(" Rome"));
        Assert.True(Primer.Model.Tokenizer!.TryGetId(" Rome", out var rome));
        for (var layer = 0; layer < 6; layer++)
        {
            for (var position = 0; position < 5; position++)
            {
                using var run = Primer.Model.Run(Gpt2.Experiment.Interchange(Gpt2.Layer(layer).HeadAttentionValueOutput.Head(2).At(position)), Spain, Italy, new RunOptions { Effects = EffectCheck.Report, SharesWork = false });
                Assert.Equal(run.Logits[0, 4, rome].item<float>(), table[layer, position], 1e-3);
            }
        }
    }

    [Fact]
    public void MetricOfARunIsThatOfItsCell()
    {
        var place = Gpt2.Layer(3).BlockOutput.At(^1);
        foreach (var metric in new[] { Metric.Probability(" Rome"), Metric.Rank(" Rome"), Metric.LogitDifference(" Rome", " Madrid"), Metric.DivergenceFromClean })
        {
            var table = Primer.Model.Sweep(Axis.Of(3), layer => Gpt2.Experiment.Interchange(Gpt2.Layer(layer).BlockOutput.At(^1)), Spain, Italy, metric);
            using var run = Primer.Model.Run(Gpt2.Experiment.Interchange(place), Spain, Italy);
            var measured = run.Measure(metric);
            Assert.Equal(table[0, 0], measured.Mean, 1e-4);
            Assert.Equal(table.Clean, measured.Clean!.Value[0], 1e-4);
        }
    }

    [Fact]
    public void MetricThatComparesNeedsTheCleanRun()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput), Prompt.Of(Spain, Italy), new RunOptions());
        Assert.Contains("WithClean = true", Assert.Throws<InvalidOperationException>(() => run.Measure(Metric.DivergenceFromClean)).Message, StringComparison.Ordinal);
        var measured = run.Measure(Metric.Probability(" Rome"));
        Assert.Null(measured.Clean);
        Assert.Equal(2, measured.Intervened.Length);
        Assert.StartsWith("p(\" Rome\"): ", measured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CellWithoutEffectIsAResult()
    {
        var table = Primer.Model.Sweep(Gpt2.AllLayers, 0..2, (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position)), Spain, Italy, Metric.Probability(" Madrid"));
        Assert.Equal(table.Clean, table[0, 0], 1e-6);
        Assert.True(table.Receipts[0].IsWithoutEffect);
        Assert.Equal(["The", "capital"], table.Columns);
    }

    [Fact]
    public void SweepWithoutASourceAblates()
    {
        var table = Primer.Model.Sweep(Gpt2.AllLayers, Positions.Of(^1), (layer, position) => Gpt2.Experiment.Zero(layer.MlpOutput.At(position)), Spain, Metric.LogitDifference(" Madrid", " Rome"));
        Assert.Equal(6, table.Rows.Count);
        Assert.NotEqual(table.Clean, table[5, 0], 1e-3);
    }

    [Fact]
    public void MetricOfAWordThatIsNotOneTokenIsRefused()
    {
        var error = Assert.Throws<Errors.InterventionException>(() => Primer.Model.Sweep(Gpt2.AllLayers, Positions.All, (layer, position) => Gpt2.Experiment.Zero(layer.MlpOutput.At(position)), Spain, Metric.Probability("Italy")));
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
            Primer.Model.Sweep(Gpt2.AllLayers, Positions.Of(^1), (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position)), Spain, Italy, metric);
    }

    [Fact]
    public void TableIsWrittenAsCsvAndJson()
    {
        var table = Primer.Model.Sweep(Gpt2.AllLayers, 3..5, (layer, position) => Gpt2.Experiment.Zero(layer.MlpOutput.At(position)), Spain, Metric.Probability(" Madrid"));
        var lines = table.ToCsv().TrimEnd().Split('\n');
        Assert.Equal("row,Spain,is", lines[0]);
        Assert.Equal(table[2, 1], double.Parse(lines[3].Split(',')[2], System.Globalization.CultureInfo.InvariantCulture));
        using var json = JsonDocument.Parse(table.ToJson());
        Assert.Equal(table[2, 1], json.RootElement.GetProperty("values")[2][1].GetDouble());
        Assert.Equal("p(\" Madrid\")", json.RootElement.GetProperty("metric").GetString());
    }

    private static PositionComponent<Gpt2> Place(Gpt2.Block layer, string place) => place switch { "block" => layer.BlockOutput, "attn" => layer.AttentionOutput, _ => layer.MlpOutput };
}
