using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>Sources that nothing reads, and writes of which nothing is left: found before anything runs, wherever the steps were written.</summary>
public sealed class UnseenWorkTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";
    private const string Peru = "The capital of Peru is";

    private static readonly RunOptions Report = new() { Effects = EffectCheck.Report };

    [Fact]
    public void SourceThatNoStepReadsIsRefusedUnlessItIsLeftOut()
    {
        SourceInput[] sources = [Italy, Peru, Italy];
        var experiment = Gpt2.Experiment.WithSources(sources.Length)
            .Add(Gpt2.Layer(1).BlockOutput.At(^1))
            .Add(Gpt2.Layer(2).BlockOutput.At(^1).From(Source.At(2)));
        Refused("Source 1 is given, but no step reads it", () => Primer.Model.Run(experiment, Spain, sources).Dispose());
        using var skipped = Primer.Model.Run(experiment, Spain, [Italy, Source.Skip, Italy]);
        using var reported = Primer.Model.Run(experiment, Spain, sources, Report);
        Assert.Equal(0, Primer.Difference(skipped.Logits, reported.Logits));
    }

    [Fact]
    public void WriteThatALaterStatementReplacesIsRefused()
    {
        var layer = Gpt2.Layer(3);
        var ablated = Gpt2.Experiment.Zero(layer.MlpOutput);
        var whole = ablated.Interchange(layer.BlockOutput);
        var same = ablated.Interchange(layer.MlpOutput);
        Refused("Nothing is left of intervention 0 (zero at mlp_output of layer 3)", () => Primer.Model.Run(whole, Spain, Italy).Dispose());
        Refused("Nothing is left of intervention 0", () => Primer.Model.Run(same, Spain, Italy).Dispose());

        using var reported = Primer.Model.Run(whole, Spain, Italy, Report);
        using var alone = Primer.Model.Run(Gpt2.Experiment.Interchange(layer.BlockOutput), Spain, Italy);
        Assert.InRange(Primer.Difference(alone.Logits, reported.Logits), 0, 1e-4);
        using var skipped = Primer.Model.Run(whole, Spain, Source.Skip);
        using var zeroed = Primer.Model.Run(ablated, Spain);
        Assert.InRange(Primer.Difference(zeroed.Logits, skipped.Logits), 0, 1e-4);
    }

    [Fact]
    public void WriteThatSomethingSeesRuns()
    {
        var layer = Gpt2.Layer(3);
        Primer.Model.Run(Gpt2.Experiment.Zero(layer.MlpOutput).Collect(layer.MlpOutput, out _).Interchange(layer.BlockOutput), Spain, Italy).Dispose();
        Primer.Model.Run(Gpt2.Experiment.Zero(layer.MlpOutput).Interchange(layer.BlockOutput.At(^1)), Spain, Italy).Dispose();
        Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(4).MlpOutput).Interchange(layer.BlockOutput), Spain, Italy).Dispose();
        Primer.Model.Run(Gpt2.Experiment.Zero(layer.MlpOutput.At(1)).Interchange(layer.MlpOutput.At(3)), Spain, Italy).Dispose();
        Primer.Model.Run(Gpt2.Experiment.Interchange(layer.BlockOutput).Zero(layer.BlockOutput.At(1)), Spain, Italy).Dispose();
    }

    [Fact]
    public void SweepOfWhichNothingIsLeftInAnyCellIsRefused()
    {
        Refused("Nothing is left of intervention 0", () => _ = Primer.Model.Sweep(
            Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.MlpOutput).Interchange(layer.BlockOutput), Spain, Italy, Metric.Probability(" Rome")));

        var grid = Primer.Model.Sweep(
            Gpt2.Layers(2..4),
            Gpt2.Layers(2..4),
            (one, other) => Gpt2.Experiment.Interchange(one.MlpOutput).Interchange(other.MlpOutput),
            Spain,
            Italy,
            Metric.Probability(" Rome"));
        Assert.Equal(grid[Gpt2.Layer(2), Gpt2.Layer(3)], grid[Gpt2.Layer(3), Gpt2.Layer(2)], 1e-4);
    }

    [Fact]
    public void MetricThatIsNoNumberForFiniteLogitsIsRefused()
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Zero(Gpt2.Layer(3).MlpOutput), Spain);
        Refused("'odd' is not a number (NaN), although all logits are finite", () =>
            run.Measure(Metric.Of("odd", logits => (logits[.., 0] - logits[.., 0]).log() * 0)));
        Assert.Equal(double.NegativeInfinity, run.Measure(Metric.Of("log 0", logits => (logits[.., 0] - logits[.., 0]).log())).Intervened[0]);
    }

    private static void Refused(string message, Action run) =>
        Assert.Contains(message, Assert.Throws<InterventionException>(run).Message, StringComparison.Ordinal);
}
