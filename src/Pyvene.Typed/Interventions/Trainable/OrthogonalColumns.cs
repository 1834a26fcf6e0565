using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Is a tall matrix of orthonormal columns: base · (H₁ … H_k), its first k columns, times the diagonal of X cut to whole numbers; H_j reflects along column j
/// of X below a unit diagonal. The product of the reflections is written I − V T Vᵀ, so that nothing of n × n is made (Joffrain et al., "Accumulating
/// Householder Transformations, Revisited", 2006).
/// </summary>
internal sealed class OrthogonalColumns : OrthogonalMatrix
{
    private const string BaseName = "base";
    private readonly Tensor upper; // 1 above the diagonal, 1/2 on it, 0 below: [column, column]
    private OrthogonalBasis @base;

    /// <param name="start">The orthonormal columns that it starts from: [row, column].</param>
    public OrthogonalColumns(Tensor start)
        : base(nameof(OrthogonalColumns), start.shape[0], start.shape[1])
    {
        using var scope = NewDisposeScope();
        var half = eye(Columns, dtype: start.dtype, device: start.device).div(Scalars.Of(2)); // [column, column]
        upper = ones_like(half).triu().sub(half).DetachFromDisposeScope();
        @base = new CompactBasis(start);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Evaluate(bool isInStep)
    {
        using var scope = NewDisposeScope();
        var identity = eye(Rows, Columns, dtype: original.dtype, device: original.device); // [row, column]
        var reflectors = original.tril(-1).add(identity, Scalars.Of(1)); // V: [row, column]
        var inverse = reflectors.mT.matmul(reflectors).mul(upper); // the inverse of T: [column, column]
        var spread = Columns == 1
            ? inverse.reciprocal()
            : linalg.solve_triangular(inverse, reflectors.narrow(0, 0, Columns).mT, upper: true); // [column, column]
        var signs = original.detach().diagonal().trunc(); // [column]
        var columns = identity.sub(reflectors.matmul(spread)).mul(signs); // [row, column]
        return @base.Times(columns).MoveToOuterDisposeScope(); // [row, column]
    }

    private protected override void Rebase(Tensor columns) => Use(new CompactBasis(columns));

    private protected override Tensor CopyBase() => @base.ToMatrix();

    private protected override void ReplaceBase(Tensor given)
    {
        using var scope = NewDisposeScope();
        var matrix = given.to(original.dtype).to(original.device);
        var compact = new CompactBasis(matrix.narrow(1, 0, Columns));

        // A base written by this library is given by its first columns; another's has a completion of its own, which must be kept.
        var isOurs = matrix.is_meta || compact.ToMatrix().sub(matrix).abs().max().to(float64).item<double>() < 1e3 * finfo(original.dtype).eps;
        Use(isOurs ? compact : new FullBasis(matrix));
    }

    private void Use(OrthogonalBasis basis)
    {
        var before = @base;
        register_module(BaseName, null!); // which takes the one before away
        register_module(BaseName, basis);
        @base = basis;
        before.Dispose();
    }
}
