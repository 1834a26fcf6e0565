using Pyvene.Typed.Models;
using Pyvene.Typed.Models.Layers;
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

/// <summary>Biases that fall with distance (ALiBi).</summary>
public sealed class LinearBiasTests
{
    // The values of build_alibi_tensor of transformers' Bloom for these numbers of heads, at position 1.
    [Theory]
    [InlineData(4, new[] { 0.25, 0.0625, 0.015625, 0.00390625 })]
    [InlineData(6, new[] { 0.25, 0.0625, 0.015625, 0.00390625, 0.5, 0.125 })]
    public void TheSlopesAreThoseOfTheNumberOfHeads(int heads, double[] expected)
    {
        using var scope = NewDisposeScope();
        var biases = new LinearBiases(new(heads)).At(new ModelInputs(), zeros(1, 3, 8), past: 0);

        Assert.Equal([1, heads, 1, 3], biases.shape);
        Assert.Equal(expected, Enumerable.Range(0, heads).Select(head => biases[0, head, 0, 1].Real()));
    }

    [Fact]
    public void PaddingIsNoPositionUnlessItCounts()
    {
        using var scope = NewDisposeScope();
        var inputs = new ModelInputs { AttentionMask = tensor(new long[,] { { 0, 0, 1, 1 } }) };

        Assert.Equal([0f, 0, 0, 0.00390625f], new LinearBiases(new(1)).At(inputs, zeros(1, 4, 8), past: 0).data<float>());
        Assert.Equal(
            [0f, 0.00390625f, 0.0078125f, 0.01171875f],
            new LinearBiases(new(1) { CountsPadding = true }).At(inputs, zeros(1, 4, 8), past: 0).data<float>());
    }

    [Theory]
    [InlineData("BloomForCausalLM")]
    [InlineData("MptForCausalLM")]
    public void PositionsThatCountUpAreTakenAndOthersRefused(string className)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModels.Create(className);
        var inputs = new ModelInputs { InputIds = TinyGpt2.Tokens(1, 4) };

        Close.Equal(model.call(inputs).Logits!, model.call(inputs with { PositionIds = tensor(new long[,] { { 3, 4, 5, 6 } }) }).Logits!, 0);
        var error = Assert.Throws<ArgumentException>(() => model.call(inputs with { PositionIds = tensor(new long[,] { { 0, 1, 5, 6 } }) }));
        Assert.Contains("PositionIds do not count up with the tokens", error.Message, StringComparison.Ordinal);
    }
}
