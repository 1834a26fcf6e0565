namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class StayInRangeTests
{
    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer([|12|]));", "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer([|-1|]));", "-1 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer(index: [|6 * 2|]));", "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("const int Last = 12; Console.WriteLine(Gpt2.Small.Layer([|Last|]));", "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    [InlineData("static class Where { const int Last = 12; static object Layer() => Gpt2.Small.Layer([|Last|]); }", "12 is out of range for 'index' of 'Gpt2.Small.Layer'; valid are 0 to 11")]
    public async Task ConstantThatTheCheckpointDoesNotHaveIsAnError(string program, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT202", program));

    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer(0)); Console.WriteLine(Gpt2.Small.Layer(11));")]
    [InlineData("Console.WriteLine(Gpt2.Layer(12));")]
    [InlineData("foreach (var layer in new[] { 3, 99 }) Console.WriteLine(Gpt2.Small.Layer(layer));")]
    public async Task ValueThatMayBeRightIsLeftAlone(string program) => await Rule.FindsNothing(program);
}
