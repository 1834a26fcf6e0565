using Pyvene.Typed.Generation;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

/// <summary>How many tokens every generated text really has.</summary>
public sealed class LengthsTests
{
    private const int Pad = 21;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void LengthsCountTheTokensOfATextWithItsEnd(int beams)
    {
        using var scope = NewDisposeScope();
        using var model = TinyGpt2.Create();
        var prompt = TinyGpt2.Prompt([3, 9, 4], [8, 2, 11, 5, 6], [7], [1, 2]);
        long[] ends = [4, 9, 15, 18];
        using var output = TextGeneration.Generate(
            model, prompt, new GenerationOptions { MaxNewTokens = 12, NumBeams = beams, EosTokenIds = [.. ends.Select(end => (int)end)], PadTokenId = Pad });

        var rows = TinyGpt2.Rows(output);
        Assert.Equal(rows.Length, output.Lengths.Count);
        foreach (var (row, length) in rows.Zip(output.Lengths))
        {
            Assert.True(length == 12 || ends.Contains(row[length - 1]));
            Assert.DoesNotContain(row.Take(length - 1), ends.Contains);
            Assert.All(row.Skip(length), token => Assert.Equal(Pad, token));
        }

        Assert.True(output.Lengths.Distinct().Count() > 1, "The texts must end at different steps for the test to say something.");
    }
}
