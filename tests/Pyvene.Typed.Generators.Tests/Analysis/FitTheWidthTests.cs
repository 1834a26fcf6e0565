namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class FitTheWidthTests
{
    [Theory]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Small.Layer(3).MlpOutput.At(^1), [|new float[64]|])",
        "'new float[64]' is 64 wide, but 'Gpt2.Small.Block.MlpOutput' is 768 wide, and this throws; make it 768 wide")]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Small.Layer(3).MlpOutput, [|new[] { 1f, 2f }|], out _)", "is 2 wide, but 'Gpt2.Small.Block.MlpOutput' is 768 wide")]
    [InlineData("Gpt2.Experiment.Interchange(Gpt2.Small.Layer(3).MlpActivation, [|torch.zeros(1, 1, 768)|])",
        "is 768 wide, but 'Gpt2.Small.Block.MlpActivation' is 3072 wide")]
    [InlineData("Gpt2.Experiment.Subtract(Gpt2.Small.Layer(3).HeadAttentionValueOutput.Head(2), [|torch.randn([768])|])",
        "is 768 wide, but 'Gpt2.Small.Block.HeadAttentionValueOutput' is 64 wide")]
    [InlineData("Gpt2.Experiment.Apply(Gpt2.Small.Layer(3).MlpOutput.At(^1), [|new RotatedSpace(1024)|])",
        "is 1024 wide, but 'Gpt2.Small.Block.MlpOutput' is 768 wide")]
    public async Task AnotherWidthThanTheCheckpointsIsFound(string experiment, string message) =>
        Assert.Contains(message, await Rule.Finds("PVT218", Program($"Console.WriteLine({experiment});")), StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "var steering = new float[1024]; Console.WriteLine(Gpt2.Experiment.Add(Gpt2.Small.Layer(3).MlpOutput, [|steering|]));", "'steering' is 1024 wide")]
    [InlineData(
        "var place = Gpt2.Small.Layer(3).MlpOutput; Console.WriteLine(Gpt2.Experiment.Add(place.At(^1), [|new float[2]|]));", "'new float[2]' is 2 wide")]
    public async Task WidthIsFollowedThroughLocals(string statements, string message) =>
        Assert.StartsWith(message, await Rule.Finds("PVT218", Program(statements)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Small.Layer(3).MlpOutput, new float[768])")]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Layer(3).MlpOutput, new float[64])")]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Small.Layer(3).MlpOutput.Features(0..64), new float[64])")]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Small.Layer(3).MlpOutput, new float[Random.Shared.Next(9)])")]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Small.Layer(3).MlpOutput, torch.randn(768))")]
    [InlineData("Gpt2.Experiment.Apply(Gpt2.Small.Layer(3).MlpOutput.At(0, 1), new RotatedSpace(1536))")]
    public async Task WidthThatFitsOrIsUnknownIsLeftAlone(string experiment) => await Rule.FindsNothing(Program($"Console.WriteLine({experiment});"));

    private static string Program(string statements) => $"using Pyvene.Typed.Interventions.Trainable; {statements}";
}
