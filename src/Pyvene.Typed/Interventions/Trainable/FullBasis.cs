using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Is a basis that is held as a matrix, as a file of another program gives it.</summary>
internal sealed class FullBasis : OrthogonalBasis
{
    private readonly Tensor matrix; // [n, n]

    /// <param name="matrix">The matrix: [n, n]; it is copied.</param>
    public FullBasis(Tensor matrix)
        : base(nameof(FullBasis))
    {
        this.matrix = matrix.clone().DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Times(Tensor columns) => matrix.matmul(columns); // [n, column]

    /// <inheritdoc/>
    public override Tensor ToMatrix() => matrix.clone();
}
