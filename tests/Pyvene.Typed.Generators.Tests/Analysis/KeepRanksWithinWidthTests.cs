namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class KeepRanksWithinWidthTests
{
    [Theory]
    [InlineData("new LowRankRotatedSpace(64, [|128|])", "128 is out of range for 'rank' of 'LowRankRotatedSpace'; valid are 1 to 64, the width")]
    [InlineData("new LowRankRotatedSpace(rank: [|0|], width: 64)", "0 is out of range for 'rank' of 'LowRankRotatedSpace'; valid are 1 to 64, the width")]
    [InlineData("new PcaRotatedSpace(64, [|65|])", "65 is out of range for 'components' of 'PcaRotatedSpace'; valid are 1 to 64, the width")]
    public async Task SpaceThatIsLargerThanTheWidthIsFound(string learned, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT202", Program(learned)));

    [Theory]
    [InlineData("new LowRankRotatedSpace(64, 64)")]
    [InlineData("new LowRankRotatedSpace(args.Length, 4)")]
    [InlineData("new Autoencoder(64, 128)")]
    public async Task SpaceThatFitsIsLeftAlone(string learned) => await Rule.FindsNothing(Program(learned));

    private static string Program(string learned) => $"using Pyvene.Typed.Interventions.Trainable; using var learned = {learned}; Console.WriteLine(learned);";
}
