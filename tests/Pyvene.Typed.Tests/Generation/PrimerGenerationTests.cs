using Pyvene.Typed.Generation;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Generation;

/// <summary>Generates with the language model that ships with the repository.</summary>
public sealed class PrimerGenerationTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "models", "primer");
    private static readonly long[] TheCapitalOfSpainIs = [290, 386, 309, 1022, 292];
    private const long Madrid = 1298;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly PretrainedModel _model = ModelLoader.Load(Folder);

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void TheCapitalOfSpainIsMadrid(int beams)
    {
        var rows = TinyGpt2.Generate(_model, TinyGpt2.Prompt(TheCapitalOfSpainIs), GenerationOptions.Load(Folder) with { MaxNewTokens = 1, NumBeams = beams });

        Assert.Equal([Madrid], Assert.Single(rows));
    }

    [Fact]
    public void TheCheckpointsOwnEndTokenEndsTheText()
    {
        var options = GenerationOptions.Load(Folder);

        var row = TinyGpt2.Generate(_model, TinyGpt2.Prompt(TheCapitalOfSpainIs), options with { MaxNewTokens = 60 })[0];

        Assert.Equal([0], options.EosTokenIds);
        Assert.Equal(Madrid, row[0]);
        Assert.True(row.Length == 60 || row[^1] == 0);
    }
}
