using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>What models without attention make of padding.</summary>
public sealed class GruMaskTests : IDisposable
{
    private const string Gru =
        """{"model_type": "gru", "vocab_size": 23, "h_dim": 8, "n_layer": 2, "include_emb": true, "initializer_range": 0.7, "n_labels": 3}""";

    private static readonly long[,] Masks = { { 0, 0, 1, 1, 1 }, { 1, 1, 1, 0, 0 }, { 0, 1, 1, 1, 0 }, { 1, 1, 1, 1, 1 } };

    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData("GRUModel")]
    [InlineData("GRULMHeadModel")]
    [InlineData("GRUForClassification")]
    public void APaddedRowEndsAsThePromptAlone(string className)
    {
        using var model = ModelLoader.Create(ModelConfig.Parse(Gru, "tiny"), className, seed: 3);
        var (ids, mask) = (randint(0, 23, [4, 5], int64), tensor(Masks));
        var batch = model.call(new ModelInputs { InputIds = ids, AttentionMask = mask });
        for (var row = 0; row < 4; row++)
        {
            var real = mask[row].nonzero().flatten();
            var alone = model.call(new ModelInputs { InputIds = ids[row].index_select(0, real).unsqueeze(0) });
            if (className != "GRUForClassification") Close.Equal(alone.LastHiddenState![0], batch.LastHiddenState![row], 1e-6);
            if (className == "GRULMHeadModel") Close.Equal(alone.Logits![0], batch.Logits![row].index_select(0, real), 1e-6);
            if (className == "GRUForClassification") Close.Equal(alone.Logits![0], batch.Logits![row], 1e-6);
        }
    }

    [Theory]
    [InlineData("MLPModel", """{"model_type": "mlp", "vocab_size": 23, "h_dim": 8, "n_layer": 1, "include_emb": true}""")]
    [InlineData("ResNetModel", """{"model_type": "resnet", "embedding_size": 4, "hidden_sizes": [4], "depths": [1], "layer_type": "basic"}""")]
    public void AModelThatWouldIgnoreAMaskRefusesIt(string className, string config)
    {
        using var model = ModelLoader.Create(ModelConfig.Parse(config, "tiny"), className, seed: 3);
        var inputs = className == "MLPModel" ? new ModelInputs { InputIds = zeros([2, 3], int64) } : new ModelInputs { PixelValues = zeros(2, 3, 8, 8) };

        Assert.Contains(
            "takes no AttentionMask", Assert.Throws<ArgumentException>(() => model.call(inputs with { AttentionMask = ones([2, 3], int64) })).Message);
    }
}
