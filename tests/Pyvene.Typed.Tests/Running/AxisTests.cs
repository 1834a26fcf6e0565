using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Tests.Running;

public sealed class AxisTests
{
    private const string Spain = "The capital of Spain is";
    private const string Italy = "The capital of Italy is";

    [Fact]
    public void HeadsAreAnAxisOfASweep()
    {
        var table = Primer.Model.Sweep(
            Gpt2.Layers(2..4),
            Gpt2.AllHeads,
            (layer, head) => Gpt2.Experiment.Interchange(layer.HeadAttentionValueOutput.Head(head).At(^1)),
            Spain,
            Italy,
            Metric.Logit(" Rome"));
        Assert.Equal(["layer 2", "layer 3"], table.Rows);
        Assert.Equal(["head 0", "head 1", "head 2", "head 3"], table.Columns);
        Assert.Equal(Alone(Gpt2.Layer(3).HeadAttentionValueOutput.Head(2).At(^1)), table[Gpt2.Layer(3), 2], 1e-3);
    }

    [Fact]
    public void ProductOfAxesIsAnAxis()
    {
        var table = Primer.Model.Sweep(
            Gpt2.Layers(^1..).By(Gpt2.AllHeads),
            Positions.Of(3, ^1),
            (at, position) => Gpt2.Experiment.Interchange(at.First.HeadAttentionValueOutput.Head(at.Second).At(position)),
            Spain,
            Italy,
            Metric.Logit(" Rome"));
        Assert.Equal(["layer 5, head 0", "layer 5, head 1", "layer 5, head 2", "layer 5, head 3"], table.Rows);
        Assert.Equal(["Spain", "is"], table.Columns);
        Assert.Equal(Alone(Gpt2.Layer(5).HeadAttentionValueOutput.Head(1).At(^1)), table[(Gpt2.Layer(5), 1), 4], 1e-3);
    }

    [Fact]
    public void PositionsMultiplyToo()
    {
        var table = Primer.Model.Sweep(Positions.Of(3, ^1).By(Axis.Of(1.0, 2.5)), at => Gpt2.Experiment.Add(Gpt2.Layer(2).BlockOutput
            .At(at.First), Enumerable.Range(0, 128).Select(feature => (float)at.Second * feature / 64).ToArray()), Spain, Metric.Logit(" Rome"));
        Assert.Equal(["Spain, 1", "Spain, 2.5", "is, 1", "is, 2.5"], table.Rows);
        Assert.Equal([table.Metric], table.Columns);
        Assert.Equal(4, Enumerable.Range(0, 4).Select(row => table[row, 0]).Distinct().Count());
    }

    [Fact]
    public void LayersOfALoadedModelAreAList()
    {
        Assert.Equal(Primer.Model.LayerCount, Gpt2.AllLayers.On(Primer.Model).Count);
        Assert.Equal(Primer.Model.HeadCount, Gpt2.AllHeads.On(Primer.Model).Count);
        Assert.Equal(Gpt2.Layer(4), Gpt2.Layers(^2..).On(Primer.Model)[0]);
        Assert.Equal(Primer.Model.HeadCount, Primer.Model.KeyValueHeadCount);
    }

    [Fact]
    public void ACheckpointKnowsItsLayersAndHeads()
    {
        Assert.Equal(Enumerable.Range(4, 4), Gpt2.Small.Layers(4..8).Select(layer => layer.Index.Value));
        Assert.Equal(12, Gpt2.Small.AllHeads.Count);
        Gpt2.Block general = Gpt2.Small.Layer(3);
        Assert.Equal((Gpt2.Layer(3), "layer 3"), (general, general.ToString()));
    }

    [Fact]
    public void RangeBeyondTheLayersIsRefusedWithThoseThatThereAre()
    {
#pragma warning disable PVT202 // The rule finds in the editor what this test looks for at run time.
        var error = Assert.Throws<InterventionException>(() => Gpt2.Small.Layers(4..13));
        Assert.Equal(
            "The range 4..13 does not lie in the 12 that there are (layer 0 to 11), or is empty; a range names its end without it, as in 0..12.",
            error.Message);
        Assert.Throws<InterventionException>(() => Gpt2.Small.Layers(4..4));
#pragma warning restore PVT202
        Assert.Throws<InterventionException>(() =>
            Primer.Model.Sweep(Gpt2.Layers(5..7), layer => Gpt2.Experiment.Zero(layer.MlpOutput), Spain, Metric.Logit(" Rome")));
    }

    [Fact]
    public void AxisWithoutAValueIsRefused() =>
        Assert.Throws<ArgumentException>(() => Axis.Of<int>());

    [Fact]
    public void ATextIsOneValue()
    {
        Assert.Equal(["Spain"], Axis.Of("Spain"));
        Assert.Equal(["Spain", "Italy"], Axis.Of("Spain", "Italy"));
        Assert.Equal([1, 3], Axis.Of(Enumerable.Range(0, 4).Where(number => number % 2 == 1)));
    }

    private static double Alone(Site<Gpt2> place)
    {
        using var run = Primer.Model.Run(Gpt2.Experiment.Interchange(place), Spain, Italy, new RunOptions { Effects = EffectCheck.Report, SharesWork = false });
        Assert.True(Primer.Model.Tokenizer!.TryGetId(" Rome", out var rome));
        return run.Logits[0, -1, rome].item<float>();
    }
}
