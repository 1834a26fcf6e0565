using Pyvene.Typed.Interventions.Trainable;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions;

/// <summary>The matrix exponential behind rotations agrees with libtorch's, value and gradient, for small and large matrices.</summary>
public sealed class MatrixExponentialTests
{
    [Theory]
    [InlineData(0, ScalarType.Float64, 1e-14)]
    [InlineData(1e-3, ScalarType.Float64, 1e-13)]
    [InlineData(0.1, ScalarType.Float64, 1e-13)]
    [InlineData(3, ScalarType.Float64, 1e-11)]
    [InlineData(0.1, ScalarType.Float32, 2e-6)]
    [InlineData(1, ScalarType.Float32, 1e-5)]
    public void ItIsThatOfLibtorch(double scale, ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(11, CPU);
        var free = randn([12, 12], dtype: float64, generator: generator).mul(scale);
        var direction = randn([12, 12], dtype: float64, generator: generator).to(dtype);
        var skew = (free - free.mT).to(dtype);
        var (value, gradient) = Both(MatrixExponential.Of);
        var (expected, expectedGradient) = Both(linalg.matrix_exp);
        Assert.InRange((value - expected).abs().max().to(float64).item<double>(), 0, tolerance);
        Assert.InRange((gradient - expectedGradient).abs().max().to(float64).item<double>(), 0, tolerance * 10);
        Assert.InRange((value.mT.matmul(value) - eye(12, dtype: dtype)).abs().max().to(float64).item<double>(), 0, tolerance);

        (Tensor Value, Tensor Gradient) Both(Func<Tensor, Tensor> exponential)
        {
            var input = skew.clone().requires_grad_();
            var result = exponential(input);
            result.mul(direction).sum().backward();
            return (result.detach(), input.grad!);
        }
    }
}
