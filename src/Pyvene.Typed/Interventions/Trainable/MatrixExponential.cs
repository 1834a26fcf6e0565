using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Computes exp(A) by a Taylor polynomial of degree 8 in three products, scaled and squared (Bader, Blanes, Casas, "Computing the matrix exponential with an
/// optimized Taylor polynomial approximation", 2019), so that its gradient takes twice as many products. libtorch's takes that of a matrix twice as wide.
/// </summary>
internal static class MatrixExponential
{
    private static readonly double Root = Math.Sqrt(177);
    private const double X3 = 2.0 / 3;
    private static readonly double X1 = X3 * (1 + Root) / 88;
    private static readonly double X2 = X3 * (1 + Root) / 352;
    private static readonly double X4 = (-271 + (29 * Root)) / (315 * X3);
    private static readonly double X5 = (-11 + (11 * Root)) / (1260 * X3);
    private static readonly double X6 = (-99 + (11 * Root)) / (5040 * X3);
    private static readonly double X7 = (89 - Root) / (5040 * X3 * X3);
    private static readonly double Y2 = (857 - (58 * Root)) / 630;

    /// <summary>Computes the exponential, with gradients; of the current dispose scope.</summary>
    /// <param name="matrix">[n, n].</param>
    public static Tensor Of(Tensor matrix)
    {
        var squarings = SquaringsFor(matrix);
        var a = squarings == 0 ? matrix : matrix.mul(Scalars.Of(Math.Pow(2, -squarings))); // [n, n]
        var identity = eye(matrix.shape[0], dtype: matrix.dtype, device: matrix.device);
        var a2 = a.matmul(a);
        var a4 = a2.matmul(Sum((a, X1), (a2, X2)));
        var a8 = Sum((a2, X3), (a4, 1)).matmul(Sum((identity, X4), (a, X5), (a2, X6), (a4, X7)));
        var result = Sum((identity, 1), (a, 1), (a2, Y2), (a8, 1));
        for (var squaring = 0; squaring < squarings; squaring++)
        {
            result = result.matmul(result);
        }

        return result;
    }

    /// <summary>Returns how often the matrix is halved, so that the polynomial is right to the last bit of its dtype.</summary>
    private static int SquaringsFor(Tensor matrix)
    {
        if (matrix.is_meta) return 0;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var norm = matrix.abs().sum([0L]).max().to(float64).cpu().item<double>();
        var largest = matrix.dtype == ScalarType.Float64 ? 0.0499 : 0.58;
        return norm <= largest || !double.IsFinite(norm) ? 0 : (int)Math.Ceiling(Math.Log2(norm / largest));
    }

    private static Tensor Sum(params ReadOnlySpan<(Tensor Matrix, double Factor)> terms)
    {
        var sum = terms[0].Matrix.mul(Scalars.Of(terms[0].Factor));
        foreach (var (matrix, factor) in terms[1..])
        {
            sum = sum.add(matrix, Scalars.Of(factor));
        }

        return sum;
    }
}
