using Pyvene.Typed.Models.Layers;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models.Layers;

public sealed class LinearMapTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(2, 16)]
    [InlineData(3, 16)]
    [InlineData(7, 9)]
    public void EveryNumberOfRowsGivesTheProduct(int batch, int length)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var input = randn([batch, length, 24], generator: generator);
        var (weight, bias) = (randn([40, 24], generator: generator), randn([40], generator: generator));
        Tensor[] biases = [bias, zeros(40)];
        foreach (var added in biases)
        {
            var mapped = LinearMap.Apply(input, weight, ReferenceEquals(added, bias) ? bias : null); // [batch, length, 40]
            var expected = input.to(float64).matmul(weight.to(float64).t()).add(added.to(float64));
            Assert.Equal([batch, length, 40], mapped.shape);
            Assert.True(mapped.is_contiguous());
            Assert.True((mapped.to(float64) - expected).abs().max().item<double>() < 1e-4);
        }
    }

    [Fact]
    public void GradientsReachTheInputAlsoWhereTheProductIsTurned()
    {
        using var scope = NewDisposeScope();
        using var tracked = set_grad_enabled(true);
        using var generator = new Generator(2, CPU);
        var (weight, bias) = (randn([5, 3], generator: generator), randn([5], generator: generator));
        var input = randn([2, 4, 3], generator: generator).requires_grad_();
        LinearMap.Apply(input, weight, bias).sum().backward();
        Assert.True((input.grad! - weight.sum([0L])).abs().max().item<float>() < 1e-5); // the same for every row
    }
}
