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

    [Theory]
    [InlineData(24, 4)]
    [InlineData(24, 7)]
    [InlineData(512, 301)]
    [InlineData(20, 40)]
    public void FewRowsGiveTheProductWhateverTheSizes(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var (weight, bias) = (randn([outputs, inputs], generator: generator), randn([outputs], generator: generator));
        for (var rows = 1; rows <= 17; rows++)
        {
            var input = randn([rows, 2, inputs], generator: generator).narrow(1, 1, 1); // rows that do not lie behind each other
            var expected = input.to(float64).matmul(weight.to(float64).t()).add(bias.to(float64));
            Assert.True((LinearMap.Apply(input, weight, bias).to(float64) - expected).abs().max().item<double>() < 1e-4);
        }
    }

    [Fact]
    public void ARowHasTheSameBitsHoweverManyLieBesideIt()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4, CPU);
        var (input, weight) = (randn([16, 64], generator: generator), randn([300, 64], generator: generator));
        using var together = LinearMap.Apply(input, weight, null);
        for (var rows = 1; rows < 16; rows++)
        {
            Assert.True(LinearMap.Apply(input.narrow(0, 0, rows), weight, null).eq(together.narrow(0, 0, rows)).all().item<bool>());
        }
    }

    [Fact]
    public void ManyCallersAtOnceEachGetTheirProduct()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        var weight = randn([3000, 64], generator: generator); // enough for several threads each
        var inputs = Enumerable.Range(0, 8).Select(_ => randn([3, 64], generator: generator)).ToArray();
        var expected = inputs.Select(input => LinearMap.Apply(input, weight, null)).ToArray();
        Parallel.For(0, 400, call =>
        {
            using var mapped = LinearMap.Apply(inputs[call % 8], weight, null);
            using var same = mapped.eq(expected[call % 8]);
            using var all = same.all();
            Assert.True(all.item<bool>());
        });
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
