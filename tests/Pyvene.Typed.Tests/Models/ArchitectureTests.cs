using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>What holds for every decoder, whatever its architecture.</summary>
public sealed class ArchitectureTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public static TheoryData<string> LanguageModels => TinyModels.LanguageModels;

    public void Dispose() => scope.Dispose();

    [Theory]
    [MemberData(nameof(LanguageModels))]
    public void ACacheChangesNothing(string className)
    {
        using var model = TinyModels.Create(className);
        using var cache = new KeyValueCache();
        var ids = TinyGpt2.Tokens(2, 12);
        var parts = new List<Tensor>();
        foreach (var step in (int[])[5, 1, 1, 4, 1])
            parts.Add(model.call(new ModelInputs { InputIds = ids.narrow(1, cache.Length, step), Past = cache }).Logits!);

        Close.Equal(model.call(new ModelInputs { InputIds = ids }).Logits!, cat([.. parts], 1));
    }

    [Theory]
    [MemberData(nameof(LanguageModels))]
    public void FusedAndEagerAttentionAgree(string className)
    {
        using var model = TinyModels.Create(className);
        var mask = tensor(new long[,] { { 0, 0, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1 } });
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(2, 6), AttentionMask = mask };

        Close.Equal(model.call(inputs).Logits!, model.call(inputs with { OutputAttentions = true }).Logits!);
    }

    [Theory]
    [MemberData(nameof(LanguageModels))]
    public void SelectedRowsOfAPassAreTheRowsOfTheBatch(string className)
    {
        using var model = TinyModels.Create(className);
        var blockwise = (IBlockwiseModel)model;
        var mask = tensor(new long[,] { { 0, 0, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1 }, { 0, 1, 1, 1, 1, 1 } });
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(3, 6), AttentionMask = mask, PositionIds = mask.cumsum(1).sub(1).clamp_min(0) };
        var rows = tensor(new long[] { 2, 0, 0, 1 });

        var pass = blockwise.Begin(inputs);
        blockwise.RunBlock(pass, 0);
        pass.SelectRows(rows);
        for (var block = 1; block < blockwise.BlockCount; block++) blockwise.RunBlock(pass, block);

        Close.Equal(model.call(inputs).Logits!.index_select(0, rows), blockwise.Finish(pass).Logits!);
        var modules = model.named_modules().Select(item => item.name).ToHashSet();
        Assert.All(blockwise.BeginPaths.Concat(blockwise.BlockPaths), path => Assert.Contains(path, modules));
    }

    [Theory]
    [MemberData(nameof(LanguageModels))]
    public void EverythingIsMadeOnTheDeviceOfTheModel(string className)
    {
        using var model = TinyModels.Create(className, META);
        using var cache = new KeyValueCache();
        var ids = TinyGpt2.Tokens(2, 6).to(META);

        var output = model.call(
            new ModelInputs { InputIds = ids, AttentionMask = ones_like(ids), OutputAttentions = true, OutputHiddenStates = true, Past = cache });
        model.call(new ModelInputs { InputIds = ids, PositionIds = ids, Past = cache });

        Assert.All(output.Tensors(), tensor => Assert.True(tensor.is_meta));
        Assert.Equal(12, cache.Length);
    }
}
