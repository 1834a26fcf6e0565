using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Is a basis that is given by its first k columns W and completed by one block reflection: (I − Y G Yᵀ) · diag(s, 1 … 1) with Y = W − E diag(s) and G = (I −
/// Wᵀ E diag(s))⁻¹, where E holds the first k columns of the identity. It takes n × k numbers. The signs s keep G well conditioned (Ballard et al.,
/// "Reconstructing Householder Vectors from TSQR", 2014).
/// </summary>
internal sealed class CompactBasis : OrthogonalBasis
{
    private readonly Tensor columns; // [n, k]
    private readonly Tensor signs; // [k]

    /// <param name="columns">Orthonormal columns: [n, k]; they are copied.</param>
    public CompactBasis(Tensor columns)
        : base(nameof(CompactBasis))
    {
        this.columns = columns.clone().DetachFromDisposeScope();
        signs = tensor(SignsOf(columns), dtype: columns.dtype, device: columns.device).DetachFromDisposeScope(); // [k]
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Times(Tensor columns)
    {
        var (n, k) = (this.columns.shape[0], this.columns.shape[1]);
        var head = eye(n, k, dtype: this.columns.dtype, device: this.columns.device).mul(signs); // [n, k]
        var difference = this.columns.sub(head); // Y: [n, k]
        var inverse = eye(k, dtype: head.dtype, device: head.device).sub(this.columns.mT.matmul(head)); // the inverse of G: [k, k]
        var signed = cat([columns.narrow(0, 0, k).mul(signs.unsqueeze(1)), columns.narrow(0, k, n - k)], 0); // [n, column]
        return signed.sub(difference.matmul(linalg.solve(inverse, difference.mT.matmul(signed)))); // [n, column]
    }

    /// <inheritdoc/>
    public override Tensor ToMatrix()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var matrix = Times(eye(columns.shape[0], dtype: columns.dtype, device: columns.device)); // [n, n]
        matrix.narrow(1, 0, columns.shape[1]).copy_(columns); // not but for rounding: what is read back must be what was written
        return matrix.MoveToOuterDisposeScope(); // [n, n]
    }

    /// <summary>Eliminates the first k rows without exchanges; each sign is chosen when its pivot is reached, so that every pivot is at least 1.</summary>
    private static double[] SignsOf(Tensor columns)
    {
        var k = (int)columns.shape[1];
        var signs = Enumerable.Repeat(-1.0, k).ToArray();
        if (columns.is_meta)
        {
            return signs;
        }

        using var top = columns.detach().narrow(0, 0, k).to(float64).cpu().contiguous(); // [k, k]
        var rows = top.data<double>().ToArray();
        for (var pivot = 0; pivot < k; pivot++)
        {
            signs[pivot] = rows[(pivot * k) + pivot] < 0 ? 1 : -1;
            var divisor = rows[(pivot * k) + pivot] - signs[pivot];
            for (var row = pivot + 1; row < k; row++)
            {
                var factor = rows[(row * k) + pivot] / divisor;
                for (var column = pivot + 1; column < k; column++)
                {
                    rows[(row * k) + column] -= factor * rows[(pivot * k) + column];
                }
            }
        }

        return signs;
    }
}
