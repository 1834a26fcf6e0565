using Pyvene.Typed.Generation;

namespace Pyvene.Typed.Tests.Running;

public class EndTokensTests
{
    private static readonly GenerationOptions OfModel = new() { EosTokenIds = [7, 8], PadTokenId = 2, DecoderStartTokenId = 4, NumBeams = 3 };

    [Fact]
    public void SpecialTokensThatOptionsLeaveUnsetAreTheModels()
    {
        var filled = new GenerationOptions { MaxNewTokens = 5 }.FilledFrom(OfModel);
        Assert.Equal([7, 8], filled.EosTokenIds);
        Assert.Equal((2, 4, 5, 1), (filled.PadTokenId, filled.DecoderStartTokenId, filled.MaxNewTokens, filled.NumBeams));
    }

    [Fact]
    public void AnEmptyListOfEndTokensLetsATextReachItsLength()
    {
        Assert.Empty(new GenerationOptions { EosTokenIds = [] }.FilledFrom(OfModel).EosTokenIds);
        Assert.Equal([5], new GenerationOptions { EosTokenIds = [5], PadTokenId = 1 }.FilledFrom(OfModel).EosTokenIds);
        Assert.Equal(1, new GenerationOptions { EosTokenIds = [5], PadTokenId = 1 }.FilledFrom(OfModel).PadTokenId);
    }

    [Fact]
    public void AModelGeneratesWithTheEndsThatItsFolderNames()
    {
        using var model = Gpt2.Load(Primer.Folder);
        Assert.Equal([0], model.Completed(new GenerationOptions { MaxNewTokens = 4 }).EosTokenIds);
    }
}
