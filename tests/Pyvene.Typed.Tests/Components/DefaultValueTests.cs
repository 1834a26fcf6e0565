using Pyvene.Typed.Configuration;

namespace Pyvene.Typed.Tests.Components;

/// <summary>A layer or head that nobody chose, as <c>FirstOrDefault</c> and new arrays give it, is none: never the first.</summary>
public sealed class DefaultValueTests
{
    [Fact]
    public void DefaultOfALayerIsNoLayer()
    {
        Refused("default value of Gpt2.Block, not a layer", () => default(Gpt2.Block).MlpOutput);
        Refused("default value of Gpt2.Block, not a layer", () => (new Gpt2.Block[3])[1].Index);
        Refused("Take layers from Gpt2.Small.Layer", () => default(Gpt2.Small.Block).MlpOutput);
        Refused("default value of Gpt2.Block", () =>
            Primer.Model.Bind(Gpt2.Experiment.Zero(Gpt2.AllLayers.On(Primer.Model).FirstOrDefault(layer => layer.Index == 8).MlpOutput)));
        Assert.Equal("no layer", default(Gpt2.Block).ToString());
        Assert.NotEqual(Gpt2.Layer(0), default);
    }

    [Fact]
    public void DefaultOfALayerInsideOfALayerIsNone()
    {
        Refused("default value of ResNet.Block, not a layer", () => default(ResNet.Block).BlockOutput);
        Refused("default value of ResNet.Stage, not a layer", () => default(ResNet.Stage).Block(0));
        Assert.Equal("no layer", default(ResNet.Block).ToString());
        Assert.Equal((1, 2), (ResNet.Layer(1).Block(2).Layer.Value, ResNet.Layer(1).Block(2).Index));
    }

    [Fact]
    public void DefaultOfAHeadIsNoHead()
    {
        Refused("default value of QueryHead, not a head", () =>
            Gpt2.Layer(0).HeadAttentionValueOutput.Head(Gpt2.AllHeads.On(Primer.Model).FirstOrDefault(head => head.Value == 99)));
        Refused("default value of KeyValueHead, not a head", () => (new KeyValueHead[2])[0].Value);
        Assert.Equal(("no head", "0"), (default(QueryHead).ToString(), new QueryHead(0).ToString()));
        Assert.NotEqual(new QueryHead(0), default);
        Assert.Equal(2, (int)new QueryHead(2));
    }

    [Fact]
    public void ChoiceThatIsNullIsNotEverything()
    {
        Assert.Throws<ArgumentNullException>("positions", () => Gpt2.Layer(0).MlpOutput.At((Positions)null!));
        Assert.Throws<ArgumentNullException>("positions", () => Gpt2.Layer(0).MlpOutput.At(1).ReadAt((Positions)null!));
        Assert.Throws<ArgumentNullException>("heads", () => Gpt2.Layer(0).HeadAttentionValueOutput.Heads((Heads)null!));
        Assert.Throws<ArgumentNullException>("features", () => Gpt2.Layer(0).MlpOutput.Features((Features)null!));
        Assert.Throws<ArgumentNullException>("steps", () => Gpt2.Layer(0).MlpOutput.During(null!));
        Assert.Throws<ArgumentNullException>("tensor", () => ConstantSource.Of(null!));
    }

    private static void Refused(string message, Func<object> use) =>
        Assert.Contains(message, Assert.Throws<InvalidOperationException>(use).Message, StringComparison.Ordinal);
}
