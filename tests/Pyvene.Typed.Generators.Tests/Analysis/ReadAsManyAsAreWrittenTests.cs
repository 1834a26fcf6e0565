namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class ReadAsManyAsAreWrittenTests
{
    [Theory]
    [InlineData("MlpOutput.At(1, 2).ReadAt([|3|])", "'ReadAt' reads 1, but 'At' writes 2")]
    [InlineData("MlpOutput.At(1..4).ReadAt([|2..4|])", "'ReadAt' reads 2, but 'At' writes 3")]
    [InlineData("MlpOutput.At(^1).ReadAt([|^3..|])", "'ReadAt' reads 3, but 'At' writes 1")]
    [InlineData("MlpOutput.At(Positions.Of(0, 1)).ReadAt([|Positions.Of(3)|])", "'ReadAt' reads 1, but 'At' writes 2")]
    [InlineData("HeadAttentionValueOutput.Head(1).ReadHeads([|0..4|])", "'ReadHeads' reads 4, but 'Head' writes 1")]
    [InlineData("HeadAttentionValueOutput.Heads(1, 3).At(^1).ReadAt([|1..3|])", "'ReadAt' reads 2, but 'At' writes 1")]
    public async Task AnotherNumberIsFound(string place, string message) =>
        Assert.Equal(
            $"{message}, and this throws; read as many as are written",
            await Rule.Finds("PVT217", $"Console.WriteLine(Gpt2.Experiment.Interchange(Gpt2.Layer(3).{place}));"));

    [Theory]
    [InlineData("MlpOutput.At(1, 2).ReadAt(3, 3)")]
    [InlineData("MlpOutput.At(1..3).ReadAt(^1, 0)")]
    [InlineData("MlpOutput.At(1).ReadAt(\"Spain\")")]
    [InlineData("MlpOutput.At(\"Spain\").ReadAt(1, 2)")]
    [InlineData("MlpOutput.At(1..^1).ReadAt(2, 3)")]
    [InlineData("MlpOutput.At(Positions.PerExample([1], [2])).ReadAt(Positions.PerExample([3], [0]))")]
    [InlineData("MlpOutput.At(1, 2).ReadAt(3).During(Steps.Prompt)")]
    [InlineData("MlpOutput.During(Steps.Prompt).At(1, 2).ReadAt(3)")]
    [InlineData("HeadAttentionValueOutput.Heads(0..2).ReadHeads(4, 5)")]
    [InlineData("HeadAttentionValueOutput.Head(1).ReadHeads(Random.Shared.Next(3))")]
    public async Task SameOrUnknownNumberIsLeftAlone(string place) =>
        await Rule.FindsNothing($"Console.WriteLine(Gpt2.Experiment.Interchange(Gpt2.Layer(3).{place}));");
}
