using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Controls of sweeps and trainings: each is what the same experiment gives when it is written by hand.</summary>
public sealed class ControlTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";

    private static readonly Metric Rome = Metric.LogitDifference(" Rome", " Madrid");

    private static Prompt Bases { get; } = Prompt.Of(Spain, "The capital of Peru is", "The capital of Chile is");

    private static Prompt Sources { get; } = Prompt.Of(Italy, "The capital of Greece is", "The capital of Ireland is");

    [Fact]
    public void SelfSwapLeavesEveryCellAsTheCleanRun()
    {
        var table = Swept([Control.SelfSwap]);
        var self = table.Of(Control.SelfSwap);
        Assert.All(Gpt2.AllLayers.On(Primer.Model), layer => Assert.Equal(table.Clean, self[layer], 1e-4));
        Assert.Contains(Gpt2.AllLayers.On(Primer.Model), layer => Math.Abs(table[layer] - table.Clean) > 1);
        Assert.Contains("self swap", table.ToString(), StringComparison.Ordinal);
        Assert.All(self.Receipts, receipt => Assert.Equal(0, receipt.ChangedElements));
    }

    [Fact]
    public void LessCleanIsWhatTheExperimentAndItsControlsChangedExampleByExample()
    {
        var random = Control.MatchedRandom(3); // as many draws as examples: a draw is no example
        var table = Swept([Control.SelfSwap, random]);
        var less = table.LessClean();
        Assert.Equal(0, less.Clean);
        Assert.Equal(table.Metric + " − clean", less.Metric);
        Assert.Equal([table.Metric], table.Metrics);
        var layer = Gpt2.Layer(4);
        Assert.Equal(table[layer] - table.Clean, less[layer], 1e-9);
        Assert.Equal(table.Values(layer).Zip(table.CleanValues, (value, clean) => value - clean), less.Values(layer));
        Assert.Equal(0, less.Of(Control.SelfSwap)[layer], 1e-4);
        Assert.Equal(table.Of(random).Values(layer).Select(draw => draw - table.Clean), less.Of(random).Values(layer));
        Assert.Equal(less.Of(random).Values(layer), table.Of(random).LessClean().Values(layer));
        Assert.Equal(less.ToCsv(), less.LessClean().ToCsv());
        Assert.Equal(less[layer], less.Of(Rome)[layer]);

        // What rounding explains stays blank, and what is shaded is shaded as before.
        var (before, after) = (table.Shading, less.Shading);
        Assert.Equal(0, after.Centre);
        Assert.Equal(before.Reach, after.Reach, 1e-9);
        Assert.Equal(before.Floor, after.Floor, 1e-9);
    }

    [Fact]
    public void ShuffledSourceIsTheSweepWithTheSourcesOfOtherExamples()
    {
        var table = Swept([Control.ShuffledSource]).Of(Control.ShuffledSource);

        // Of three examples there are two circles; the seed decides which one.
        string[] sources = [.. Sources.Texts];
        var circles = new[] { 1, 2 }.Select(step =>
            Swept([], Prompt.Of([.. sources.Select((_, index) => sources[(index + step) % 3])]))).ToArray();
        Assert.Contains(circles, circle => Gpt2.AllLayers.On(Primer.Model).All(layer =>
            circle.Values(layer).Zip(table.Values(layer)).All(pair => Math.Abs(pair.First - pair.Second) < 1e-4)));
    }

    [Fact]
    public void PositionsOfEveryExampleGoWithTheSourceThatIsShuffled()
    {
        // A country stands elsewhere in every text; read at the words of its own text, the shuffled source has each word where it is.
        var bases = Prompt.Of("Today the capital of Spain is", "The capital of Peru is");
        var sources = Prompt.Of("The capital of Italy is", "Today the capital of Greece is");
        var table = Primer.Model.Sweep(
            Gpt2.AllLayers,
            layer => Gpt2.Experiment.Interchange(layer.BlockOutput.At(Positions.OfTexts("Spain", "Peru")).ReadAt(Positions.OfTexts("Italy", "Greece"))),
            bases,
            sources,
            Rome,
            new RunOptions { Controls = [Control.ShuffledSource] });
        var swapped = Primer.Model.Sweep(
            Gpt2.AllLayers,
            layer => Gpt2.Experiment.Interchange(layer.BlockOutput.At(Positions.OfTexts("Spain", "Peru")).ReadAt(Positions.OfTexts("Greece", "Italy"))),
            bases,
            Prompt.Of("Today the capital of Greece is", "The capital of Italy is"),
            Rome);
        var shuffled = table.Of(Control.ShuffledSource);
        Assert.All(Gpt2.AllLayers.On(Primer.Model), layer => Assert.Equal(swapped[layer], shuffled[layer], 1e-4));
    }

    [Fact]
    public void FullComponentIsTheWholeInterchange()
    {
        var options = new RunOptions { Controls = [Control.FullComponent] };
        var part = Primer.Model.Sweep(
            Gpt2.AllLayers, layer => Gpt2.Experiment.Interchange(layer.BlockOutput.At(^1).Features(0..16)), Bases, Sources, Rome, options);
        var whole = Swept([]);
        Assert.All(Gpt2.AllLayers.On(Primer.Model), layer => Assert.Equal(whole[layer], part.Of(Control.FullComponent)[layer], 1e-4));
    }

    [Theory]
    [InlineData(WorkSharing.All)]
    [InlineData(WorkSharing.None)]
    public void MatchedRandomChangesEveryVectorByAsMuch(WorkSharing sharing)
    {
        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(2).BlockOutput.At(1..4)).Collect(Gpt2.Layer(2).BlockOutput, out var behind);
        var config = experiment.ToConfig();
        var random = config with { Interventions = config.Interventions.SetItem(0, config.Interventions[0] with { MatchedRandom = 7 }) };
        var options = new RunOptions { Sharing = sharing };
        using var clean = Primer.Model.Run(Gpt2.Experiment.Collect(Gpt2.Layer(2).BlockOutput, out var before), Spain, options);
        using var swapped = Primer.Model.Run(experiment, Spain, Italy, options);
        using var turned = Primer.Model.Run(random, Spain, [Italy], options);
        using var scope = NewDisposeScope();
        var name = config.Interventions[1].Name!;
        var (change, other) = (swapped[behind] - clean[before], turned[name] - clean[before]); // [batch, position, dModel]
        Assert.True((change.norm(-1) - other.norm(-1)).abs().max().item<float>() < 1e-4);
        Assert.Equal(0, other.narrow(1, 4, 1).abs().max().item<float>());
        var cosine = nn.functional.cosine_similarity(change.narrow(1, 1, 3), other.narrow(1, 1, 3), -1);
        Assert.True(cosine.abs().max().item<float>() < 0.4); // of 128 dimensions
    }

    [Fact]
    public void DrawsOfMatchedRandomAreAValueEachAndTheSameAgain()
    {
        var control = Control.MatchedRandom(4);
        var first = Swept([control]).Of(control);
        var again = Swept([control]).Of(control);
        var others = Swept([control with { Seed = 100 }]).Of(control with { Seed = 100 });
        Assert.All(Gpt2.AllLayers.On(Primer.Model), layer =>
        {
            Assert.Equal(4, first.Values(layer).Count);
            Assert.Equal(4, first.Values(layer).Distinct().Count());
            Assert.Equal(first.Values(layer), again.Values(layer));
            Assert.NotEqual(first.Values(layer), others.Values(layer));
        });
    }

    [Fact]
    public void TableOfTwoAxesShowsItsControlsBelow()
    {
        var table = Primer.Model.Sweep(
            Gpt2.Layers(2..4),
            Positions.All,
            (layer, position) => Gpt2.Experiment.Interchange(layer.BlockOutput.At(position)),
            Spain,
            Italy,
            [Rome, Metric.Probability(" Rome")],
            new RunOptions { Controls = [Control.SelfSwap] });
        Assert.Contains("\n\nself swap\n", table.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"controls\"", table.ToJson(), StringComparison.Ordinal);
        Assert.Equal(0, table.Of(Metric.Probability(" Rome")).Of(Control.SelfSwap)[Gpt2.Layer(3), ^1], 1e-2);
        Assert.Equal(table.Clean, table.Of(Control.SelfSwap)[Gpt2.Layer(3), ^1], 1e-4);
    }

    [Fact]
    public void ControlThatSaysNothingIsRefusedBeforeAnythingRuns()
    {
        Refused("'full component' says nothing of this experiment: none of its steps exchanges a part", () => Swept([Control.FullComponent]));
        Refused("'self swap' says nothing of this experiment: none of its steps reads a source", () => _ = Primer.Model.Sweep(
            Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.MlpOutput.At(^1)), Spain, Rome, new RunOptions { Controls = [Control.SelfSwap] }));
        Refused("there is one example", () => _ = Primer.Model.Sweep(
            Gpt2.AllLayers, layer => Gpt2.Experiment.Interchange(layer.MlpOutput.At(^1)), Spain, Italy, Rome, new() { Controls = [Control.ShuffledSource] }));
        Assert.StartsWith(
            "The control draws at least one direction",
            Assert.Throws<ArgumentOutOfRangeException>(() => Control.MatchedRandom(0)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "did not run the control 'full component'; it ran self swap",
            Refusal(() => _ = Swept([Control.SelfSwap]).Of(Control.FullComponent)),
            StringComparison.Ordinal);
        using var plan = Primer.Model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(0).MlpOutput));
        Assert.Contains(
            "no table that controls could stand beside",
            Refusal(() => plan.Run(Spain, new RunOptions { Controls = [Control.SelfSwap] }).Dispose()),
            StringComparison.Ordinal);

        static string Refusal(Action call) => Assert.Throws<ArgumentException>(call).Message;
        static void Refused(string message, Action call) =>
            Assert.Contains(message, Assert.Throws<InterventionException>(call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluationTellsTheControlsOfWhatLearned()
    {
        var examples = CounterfactualSet.Of(new[] { "Mary", "Anna", "Emma" }.SelectMany(woman => new[] { "John", "Paul" }.SelectMany(man => new[]
        {
            new Counterfactual($"{woman} smiled because", $"{man} smiled because", " he"),
            new Counterfactual($"{man} smiled because", $"{woman} smiled because", " she"),
        })));
        Control[] controls = [Control.SelfSwap, Control.ShuffledSource, Control.FullComponent, Control.MatchedRandom(2)];
        using var whole = Primer.Model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(4).BlockOutput.At(^1)));
        using var space = new LowRankRotatedSpace(128, 1);
        using var plan = Primer.Model.Bind(Gpt2.Experiment.Apply(Gpt2.Layer(4).BlockOutput.At(^1), space));
        var score = plan.Train(examples, new TrainingOptions { Epochs = 5, Optimiser = Optimiser.Adam(0.05), Evaluation = examples, Controls = [.. controls] })
            .Evaluation!;
        Assert.Equal(controls, score.Controls.Select(one => one.Control));
        Assert.Equal(0, score.Controls[0].Accuracy); // the base's own pronoun follows
        Assert.Equal(whole.Evaluate(examples).Accuracy, score.Controls[2].Accuracy);
        Assert.Equal(2, score.Controls[3].Draws.Count);
        Assert.Equal(score.Controls, plan.Evaluate(examples, batchSize: 32, controls).Controls, (left, right) => left.Accuracy == right.Accuracy);
    }

    [Fact]
    public void GridOfTrainingsHasItsControlsInTheTable()
    {
        var examples = CounterfactualSet.Of(
            new Counterfactual("Mary smiled because", "John smiled because", " he"),
            new Counterfactual("Paul smiled because", "Anna smiled because", " she"));
        using var grid = Primer.Model.TrainGrid(
            Gpt2.Layers(3..5),
            layer => Gpt2.Experiment.Apply(layer.BlockOutput.At(^1), new LowRankRotatedSpace(128, 1)),
            examples,
            new TrainingOptions { Controls = [Control.FullComponent] });
        Assert.Equal(1, grid.Accuracy.Of(Control.FullComponent)[Gpt2.Layer(4)]);
        Assert.Contains("full component", grid.Accuracy.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void RandomStepComesBackFromItsFile()
    {
        var config = Gpt2.Experiment.Interchange(Gpt2.Layer(2).BlockOutput.At(^1)).ToConfig();
        var random = config with { Interventions = [config.Interventions[0] with { MatchedRandom = -3 }] };
        var back = InterventionConfig.FromJson(random.ToJson());
        Assert.Equal(random, back);
        Assert.NotEqual(config, back);
        var refusal = Assert.Throws<InterventionException>(() => PyveneFolder.Of(random, Primer.Module));
        Assert.Contains("random direction", refusal.Message, StringComparison.Ordinal);
    }

    private static Pyvene.Typed.Analysis.SweepTable<Gpt2.Block> Swept(IReadOnlyList<Control> controls, Prompt? sources = null) => Primer.Model.Sweep(
        Gpt2.AllLayers,
        layer => Gpt2.Experiment.Interchange(layer.BlockOutput.At(^1)),
        Bases,
        sources ?? Sources,
        Rome,
        new RunOptions { Controls = [.. controls] });
}
