using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Is a basis that is given by its first k columns W and completed by one block reflection: (I − Y G Yᵀ) · diag(s, 1 … 1) with Y = W − E diag(s) and G = (I −
/// Wᵀ E diag(s))⁻¹, where E holds the first k columns of the identity. It takes three times n × k numbers. The signs s keep G well conditioned
/// (Ballard et al., "Reconstructing Householder Vectors from TSQR", 2014).
/// </summary>
internal sealed class CompactBasis : OrthogonalBasis
{
    private readonly Tensor columns; // [n, k]
    private readonly Tensor signs; // s, then ones: [n, 1]
    private readonly Tensor difference; // Y: [n, k]
    private readonly Tensor reflected; // G Yᵀ: [k, n]

    /// <param name="columns">Orthonormal columns: [n, k]; they are copied.</param>
    public CompactBasis(Tensor columns)
        : base(nameof(CompactBasis))
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var (n, k) = (columns.shape[0], columns.shape[1]);
        this.columns = columns.clone().DetachFromDisposeScope();
        var chosen = tensor(SignsOf(columns), dtype: columns.dtype, device: columns.device); // [k]
        signs = cat([chosen, ones(n - k, dtype: columns.dtype, device: columns.device)], 0).unsqueeze(1).DetachFromDisposeScope(); // [n, 1]
        var head = eye(n, k, dtype: columns.dtype, device: columns.device).mul(chosen); // [n, k]
        difference = columns.sub(head).DetachFromDisposeScope();
        var inverse = eye(k, dtype: columns.dtype, device: columns.device).sub(columns.mT.matmul(head)); // the inverse of G: [k, k]
        reflected = linalg.solve(inverse, difference.mT).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Times(Tensor columns)
    {
        var signed = columns.mul(signs); // [n, column]
        return signed.sub(difference.matmul(reflected.matmul(signed))); // [n, column]
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
