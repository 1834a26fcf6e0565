using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Is a matrix whose columns stay orthonormal while it is trained: <c>torch.nn.utils.parametrizations.orthogonal</c> of PyTorch with its trivialisation, whose
/// weight is a fixed base times a map of a free matrix, after Lezcano-Casado, "Trivializations for Gradient-Based Optimization on Manifolds", 2019.
/// </summary>
internal abstract class OrthogonalMatrix : nn.Module
{
    /// <summary>The free matrix X: [rows, columns]; only what lies below its diagonal has a gradient.</summary>
    private protected readonly Parameter original;

    private protected OrthogonalMatrix(string name, long rows, long columns)
        : base(name)
    {
        (Rows, Columns) = (rows, columns);
        original = new Parameter(eye(rows, columns).neg(), requires_grad: true); // [rows, columns]
        original.DetachFromDisposeScope();
    }

    /// <summary>Gets the length of a column.</summary>
    public long Rows { get; }

    /// <summary>Gets the number of columns, at most <see cref="Rows"/>.</summary>
    public long Columns { get; }

    /// <summary>Makes one with random columns: square ones by the matrix exponential, tall ones by Householder reflections.</summary>
    public static OrthogonalMatrix Random(long rows, long columns)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var weight = Orthonormal(randn(rows, columns)); // [rows, columns]
        return rows == columns ? new OrthogonalSquare(weight) : new OrthogonalColumns(weight);
    }

    /// <summary>Computes the matrix: [rows, columns], with gradients to the parameter.</summary>
    /// <param name="isInStep">Whether a plan asks, which wants it fast; else it rounds as PyTorch's does.</param>
    /// <returns>A fresh tensor of the current dispose scope.</returns>
    public abstract Tensor Evaluate(bool isInStep = false);

    /// <summary>Makes the matrix equal to a weight, orthonormalised where it is not; the parameter starts anew from there.</summary>
    /// <param name="weight">[rows, columns]; it stays the caller's.</param>
    public void Assign(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        Rebase(Orthonormal(weight.detach().to(original.dtype).to(original.device)));
        original.copy_(eye(Rows, Columns, dtype: original.dtype, device: original.device).neg());
    }

    /// <summary>Returns the state under PyTorch's names: the parameter, and the base, which is square there.</summary>
    public IEnumerable<StateEntry> StateEntries(string prefix) =>
        [StateEntry.Of($"{prefix}original", original), new StateEntry($"{prefix}0.base", [Rows, Rows], CopyBase, ReplaceBase)];

    /// <summary>Makes orthonormal columns the base.</summary>
    private protected abstract void Rebase(Tensor columns);

    /// <summary>Returns the base as files hold it: [rows, rows].</summary>
    private protected abstract Tensor CopyBase();

    /// <summary>Takes the base of a file: [rows, rows].</summary>
    private protected abstract void ReplaceBase(Tensor @base);

    /// <summary>Returns the columns themselves if they are orthonormal, else those of the QR decomposition whose R has a positive diagonal.</summary>
    private static Tensor Orthonormal(Tensor weight)
    {
        var columns = weight.shape[1];
        var off = weight.mT.matmul(weight).sub(eye(columns, dtype: weight.dtype, device: weight.device)).abs().max(); // []
        if (weight.is_meta || off.to(float64).item<double>() < 10 * columns * finfo(weight.dtype).eps)
        {
            return weight.contiguous();
        }

        var (q, r) = linalg.qr(weight); // [rows, columns], [columns, columns]
        return q.mul(r.diagonal().sign()).contiguous(); // [rows, columns]; TorchSharp saves no other
    }
}
