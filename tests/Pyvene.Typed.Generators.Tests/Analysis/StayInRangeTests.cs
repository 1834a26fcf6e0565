namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class StayInRangeTests
{
    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer([|12|]));", "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer([|-1|]));", "-1 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer(index: [|6 * 2|]));", "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData(
        "const int Last = 12; Console.WriteLine(Gpt2.Small.Layer([|Last|]));", "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("static class Where { const int Last = 12; static object Layer() => Gpt2.Small.Layer([|Last|]); }",
        "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("static class Where { static readonly object Layer = Gpt2.Small.Layer((LayerIndex)([|12|])); }",
        "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("Func<object> layer = () => Gpt2.Small.Layer(new LayerIndex([|12|])); Console.WriteLine(layer());",
        "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("Console.WriteLine(Gpt2.Layer([|-1|]));", "-1 is out of range for 'index' of 'Gpt2.Layer'; they count from 0")]
    public async Task LayerThatTheCheckpointDoesNotHaveIsAnError(string program, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT202", program));

    [Theory]
    [InlineData("Gpt2.Small.Layers([|4..13|])", "valid are 0 to 11, which is the range 0..12")]
    [InlineData("Gpt2.Small.Layers(range: [|^13..|])", "valid are 0 to 11, which is the range 0..12")]
    [InlineData("Gpt2.Small.Layers([|8..4|])", "a range ends behind its start, and names its end without it")]
    [InlineData("Gpt2.Small.Layers([|3..^9|])", "a range ends behind its start, and names its end without it")]
    [InlineData("Gpt2.Small.Layers([|12..|])", "a range ends behind its start, and names its end without it")]
    public async Task RangeOfLayersThatTheCheckpointDoesNotHaveIsAnError(string layers, string remedy) =>
        Assert.EndsWith(
            $"is out of range for 'range' of 'Gpt2.Small.Layers'; {remedy}",
            await Rule.Finds("PVT202", $"Console.WriteLine({layers});"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Gpt2.Small.Layer(3).HeadAttentionValueOutput.Head([|12|])",
        "12 is out of range for 'head' of 'Gpt2.Small.Block.HeadAttentionValueOutput.Head'; valid are 0 to 11")]
    [InlineData("Gpt2.Small.Layer(3).HeadAttentionValueOutput.At(^1).Heads(1, [|12|])",
        "12 is out of range for 'heads' of 'Gpt2.Small.Block.HeadAttentionValueOutput.Heads'; valid are 0 to 11")]
    [InlineData("Gpt2.Small.Layer(3).AttentionWeight.Heads(Heads.Of(3, [|12|]))",
        "12 is out of range for 'heads' of 'Gpt2.Small.Block.AttentionWeight.Heads'; valid are 0 to 11")]
    [InlineData("Gpt2.Small.Layer(3).AttentionWeight.Heads([|4..13|])",
        "4..13 is out of range for 'heads' of 'Gpt2.Small.Block.AttentionWeight.Heads'; valid are 0 to 11, which is the range 0..12")]
    [InlineData("Gpt2.Small.Layer(3).AttentionWeight.Heads([|^4..|])",
        "^4.. is out of range for 'heads' of 'Gpt2.Small.Block.AttentionWeight.Heads'; such a range counts from the start on both ends; write 8..12")]
    [InlineData("Gpt2.Layer(3).AttentionWeight.Heads([|^4..|])",
        "^4.. is out of range for 'heads' of 'Gpt2.Block.AttentionWeight.Heads'; such a range counts from the start on both ends, as in 0..4")]
    [InlineData("Gpt2.Small.Layer(3).AttentionWeight.Head(1).ReadHeads([|12|])",
        "12 is out of range for 'heads' of 'Gpt2.Small.Block.AttentionWeight.ReadHeads'; valid are 0 to 11")]
    [InlineData("Qwen2.Qwen25_0_5B.Layer(3).HeadKeyOutput.KeyValueHead(head: [|2|])",
        "2 is out of range for 'head' of 'Qwen2.Qwen25_0_5B.Block.HeadKeyOutput.KeyValueHead'; valid are 0 to 1")]
    [InlineData("Qwen2.Qwen25_0_5B.Layer(3).HeadKeyOutput.KeyValueHeads([|0..3|])",
        "0..3 is out of range for 'heads' of 'Qwen2.Qwen25_0_5B.Block.HeadKeyOutput.KeyValueHeads'; valid are 0 to 1, which is the range 0..2")]
    [InlineData("Gpt2.Layer(3).AttentionWeight.Head([|-1|])", "-1 is out of range for 'head' of 'Gpt2.Block.AttentionWeight.Head'; they count from 0")]
    public async Task HeadThatTheCheckpointDoesNotHaveIsAnError(string site, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT202", $"Console.WriteLine({site});"));

    [Theory]
    [InlineData("var site = Gpt2.Small.Layer(3).HeadAttentionValueOutput; Console.WriteLine(site.Head([|12|]));")]
    [InlineData("foreach (var block in Gpt2.Small.AllLayers) Console.WriteLine(block.AttentionWeight.Head([|12|]));")]
    [InlineData("Console.WriteLine(Gpt2.Small.AllLayers.Select(block => block.AttentionWeight.Head((QueryHead)([|12|]))));")]
    [InlineData("static class Where { static Site<Gpt2> Of(Gpt2.Small.Block block) => (block.AttentionWeight).Head([|12|]); }")]
    public async Task HeadIsFoundHoweverItsPlaceIsWritten(string program) => await Rule.Finds("PVT202", program);

    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer(3).MlpActivation.Neuron([|3072|]));",
        "3072 is out of range for 'neuron' of 'Gpt2.Small.Block.MlpActivation.Neuron'; valid are 0 to 3071")]
    [InlineData("Console.WriteLine(Gpt2.Experiment.Zero(Gpt2.Small.Layer(3).MlpActivation.Neurons(5, [|4000|]).At(^1)));",
        "4000 is out of range for 'neurons' of 'Gpt2.Small.Block.MlpActivation.Neurons'; valid are 0 to 3071")]
    [InlineData("Console.WriteLine(Gpt2.Experiment.Zero(Gpt2.Small.Layer(3).MlpOutput.Features([|700..800|])));",
        "700..800 is out of range for 'range' of 'Gpt2.Small.Block.MlpOutput.Features'; valid are 0 to 767, which is the range 0..768")]
    [InlineData("Console.WriteLine(Gpt2.Experiment.Zero(Gpt2.Small.EmbeddingOutput.Features(Features.Of(1, [|768|]))));",
        "768 is out of range for 'indices' of 'Gpt2.Small.EmbeddingOutput.Features'; valid are 0 to 767")]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.Features([|64..|]));",
        "64.. is out of range for 'range' of 'Gpt2.Block.MlpOutput.Features'; such a range counts from the start on both ends, as in 0..4")]
    [InlineData("static class Where { static Site<Gpt2> Of(HeadComponent<Gpt2> site) => site.Head([|-1|]); }",
        "-1 is out of range for 'head' of 'Head'; they count from 0")]
    [InlineData("Console.WriteLine(Steps.At([|-1|]));", "-1 is out of range for 'steps' of 'Steps.At'; they count from 0")]
    public async Task NeuronFeatureAndStepThatDoNotExistAreErrors(string program, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT202", program));

    [Theory]
    [InlineData("MlpOutput.At([|^0|])", "^0 is out of range for 'positions' of 'At'; it is behind the last; write ^1 for that")]
    [InlineData("MlpOutput.At(0, [|^0|])", "^0 is out of range for 'positions' of 'At'; it is behind the last; write ^1 for that")]
    [InlineData("MlpOutput.At([|3..1|])", "3..1 is out of range for 'positions' of 'At'; a range ends behind its start, and names its end without it")]
    [InlineData("MlpOutput.At(1).ReadAt([|^1..^3|])",
        "^1..^3 is out of range for 'positions' of 'ReadAt'; a range ends behind its start, and names its end without it")]
    [InlineData("AttentionWeight.Query([|^0|])", "^0 is out of range for 'positions' of 'Query'; it is behind the last; write ^1 for that")]
    [InlineData(
        "MlpOutput.At(Positions.In([|2..2|]))", "2..2 is out of range for 'range' of 'In'; a range ends behind its start, and names its end without it")]
    public async Task PositionThatNoPromptHasIsAnError(string site, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT202", $"Console.WriteLine(Gpt2.Layer(3).{site});"));

    [Theory]
    [InlineData(
        "Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(..^0)); Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(3..^3)); "
            + "Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(^3..)); Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(^1, 0));")]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer(0)); Console.WriteLine(Gpt2.Small.Layer(11));")]
    [InlineData("Console.WriteLine(Gpt2.Layer(12));")]
    [InlineData("foreach (var layer in new[] { 3, 99 }) Console.WriteLine(Gpt2.Small.Layer(layer));")]
    [InlineData(
        "Console.WriteLine(Gpt2.Small.Layers(..)); Console.WriteLine(Gpt2.Small.Layers(^12..^0)); Console.WriteLine(Gpt2.Small.Layers(0..12)); "
            + "Console.WriteLine(Gpt2.Layers(4..13));")]
    [InlineData("static class Where { static object Of(int end) => Gpt2.Small.Layers(4..end); }")]
    [InlineData(
        "Console.WriteLine(Gpt2.Small.Layer(3).AttentionWeight.Heads(0, 11)); Console.WriteLine(Gpt2.Layer(3).AttentionWeight.Head(99)); "
            + "Console.WriteLine(Heads.Of(99));")]
    [InlineData("foreach (var head in Gpt2.Small.AllHeads) Console.WriteLine(Gpt2.Small.Layer(3).AttentionWeight.Head(head));")]
    [InlineData(
        "static class Where { static Site<Gpt2> Of(Gpt2.Block block) => block.AttentionWeight.Head(15); static Site<Gpt2> Small => Of(Gpt2.Small.Layer(3)); }")]
    [InlineData(
        "Console.WriteLine(Gpt2.Small.Layer(3).MlpActivation.Neurons(0, 3071)); "
            + "Console.WriteLine(Gpt2.Experiment.Zero(Gpt2.Small.Layer(3).MlpOutput.Features(0..768)));")]
    [InlineData(
        "static class Where { static object Of(Pyvene.Typed.Interventions.Intervention latents) => "
            + "Gpt2.Experiment.Apply(Gpt2.Small.Layer(3).MlpOutput.Features(Features.Of(16000)), latents); }")]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer(3).MlpOutput.At(5..^1)); Console.WriteLine(Steps.At(0));")]
    public async Task ValueThatMayBeRightIsLeftAlone(string program) => await Rule.FindsNothing(program);
}
