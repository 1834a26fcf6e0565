using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Is a square orthogonal matrix: base · exp(A) with the skew-symmetric A = tril(X) − tril(X)ᵀ.</summary>
internal sealed class OrthogonalSquare : OrthogonalMatrix
{
    [ComponentName(Name = "base")]
    private readonly Tensor start; // [row, row]

    /// <param name="start">The orthonormal columns that it starts from: [row, row].</param>
    public OrthogonalSquare(Tensor start)
        : base(nameof(OrthogonalSquare), start.shape[0], start.shape[0])
    {
        this.start = start.clone().DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Evaluate(bool isInStep)
    {
        using var scope = NewDisposeScope();
        var lower = original.tril(); // [row, row]
        var skew = lower.sub(lower.mT);
        return start.matmul(isInStep ? MatrixExponential.Of(skew) : linalg.matrix_exp(skew)).MoveToOuterDisposeScope(); // [row, row]
    }

    private protected override void Rebase(Tensor columns) => start.copy_(columns);

    private protected override Tensor CopyBase() => start.clone();

    private protected override void ReplaceBase(Tensor @base) => start.copy_(@base);
}
