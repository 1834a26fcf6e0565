using Pyvene.Typed.Interventions.Trainable;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions;

/// <summary>Soft windows, and matrices that only permute.</summary>
public sealed class SoftBoundaryTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Byte)]
    public void WindowIsTheProductOfTwoSigmoids(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var window = SoftBoundary.Sigmoid(tensor(new[] { 0, 1, 2, 3 }).to(type), 0, 2, 0.5);
        Assert.Equal([0.4910, 0.7758, 0.4910, 0.1189], window.data<float>().Select(value => Math.Round(value, 4)));
    }

    [Fact]
    public void HarmonicWindowIsAHalfAtItsBoundsAndAlikeOnBothSides()
    {
        using var scope = NewDisposeScope();
        var window = SoftBoundary.Harmonic(tensor(new[] { -1.0, 0, 0.5, 1, 1.5, 2, 3 }), 0, 2, 0.5).data<double>().ToArray();
        Assert.Equal(window, window.Reverse(), (left, right) => Math.Abs(left - right) < 1e-12);
        Assert.Equal([0.5, 0.5], [window[1], window[5]]);
        Assert.Equal(1 / (1 + Math.Exp(-1 / 0.5)), window[3], 1e-12);
        Assert.Equal(1 / (1 + Math.Exp(1 / 0.5)), window[0], 1e-12);
    }

    [Fact]
    public void GradientsAreFiniteAtTheBounds()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { 0f, 1, 2 }, requires_grad: true);
        SoftBoundary.Harmonic(values, 0, 2, 0.5).sum().backward();
        Assert.All(values.grad!.data<float>().ToArray(), gradient => Assert.True(float.IsFinite(gradient)));
    }

    [Fact]
    public void NumbersThatMakeNoWindowAreRefused()
    {
        using var values = ones(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => SoftBoundary.Sigmoid(values, 0, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SoftBoundary.Sigmoid(values, double.NaN, 1, 1));
        Assert.Throws<ArgumentException>(() => SoftBoundary.Harmonic(values, 1, 1, 1));
    }

    [Fact]
    public void PermutationHasNoLossAndComesAgainWithItsSeed()
    {
        using var scope = NewDisposeScope();
        var matrix = PermutationMatrix.Random(6, seed: 3);
        Assert.Equal(matrix, PermutationMatrix.Random(6, seed: 3));
        Assert.Equal(ones(6), matrix.sum([1]));
        Assert.Equal(0, PermutationMatrix.Loss(matrix).item<float>());
        var half = full([2, 2], 0.5f).requires_grad_();
        var loss = PermutationMatrix.Loss(half);
        Assert.Equal(0.25f, loss.item<float>()); // sums are right, entries are not
        loss.backward();
        Assert.NotNull(half.grad);
        Assert.Throws<ArgumentException>(() => PermutationMatrix.Loss(ones(2, 3)));
    }
}
