namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class CountFromTheEndWithHatTests
{
    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.At([|-1|]));")]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(0, [|-1|]));")]
    [InlineData("const int Last = -1; Console.WriteLine(Gpt2.Layer(3).MlpOutput.At([|Last|]));")]
    [InlineData("int last = -1; Console.WriteLine(Gpt2.Layer(3).MlpOutput.At([|last|]));")]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.At([|Places.Last|])); static class Places { public static readonly int Last = -1; }")]
    [InlineData("var last = -1; Func<object> place = () => Gpt2.Layer(3).MlpOutput.At([|last|]); Console.WriteLine(place());")]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).AttentionWeight.Query([|-1|]));")]
    [InlineData("Console.WriteLine(Positions.Of([|-1|]));")]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(1).ReadAt([|-1|]));")]
    public async Task NegativePositionIsAnError(string program) =>
        Assert.Equal("Position -1 is before the start, and this throws; write '^1' for a position from the end", await Rule.Finds("PVT210", program));

    [Fact]
    public async Task FixWritesTheHat() =>
        await Rule.Fixes("PVT210", "Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(-2));", "Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(^2));");

    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(^1));")]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(0));")]
    [InlineData("int last = int.Parse(\"-1\"); Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(last));")]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(Places.Last)); static class Places { public static int Last = -1; }")]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(Places.Last)); "
        + "static class Places { public static readonly int Last = -1; static Places() { Last = 3; } }")]
    [InlineData("int last = -1; last = 3; Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(last));")]
    [InlineData("int last = -1; last += 4; Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(last));")]
    [InlineData("for (int place = -1; place < 3; place++) { if (place >= 0) Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(place)); }")]
    [InlineData("static Tensor Last(Tensor logits) => logits[-1];")]
    public async Task OtherPositionIsLeftAlone(string program) => await Rule.FindsNothing(program);
}
