using Pyvene.Typed.Errors;
using Pyvene.Typed.Native;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Is the base of what learns a rotation: an orthogonal matrix W, or some orthonormal columns of one.</summary>
public abstract class RotatingModule : InterventionModule, IInnerSpace
{
    private const string Prefix = "rotate_layer.parametrizations.weight.";

    [ComponentName(Name = "rotate_layer")]
    private readonly OrthogonalMatrix matrix;

    private StepValue? step;

    private protected RotatingModule(string type, int width, int columns, bool choosesDimensions)
        : base(type, width, choosesDimensions ? columns : null)
    {
        CheckSize(columns, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, width);
        CheckMatrix(width, columns, nameof(width));
        matrix = OrthogonalMatrix.Random(width, columns);
    }

    /// <summary>
    /// Gets the matrix: [width, column]. A plan computes it once a step; a call outside of one computes it at each use, as PyTorch's parametrisation does, so
    /// that gradients round alike.
    /// </summary>
    private protected Tensor Rotation => step is null ? matrix.Evaluate() : step.Value ??= matrix.Evaluate(isInStep: true).DetachFromDisposeScope();

    /// <summary>Gets whether this is a plan's step.</summary>
    private protected bool IsInStep => step is not null;

    /// <summary>Computes the matrix W whose columns are the directions: [width, column].</summary>
    /// <returns>A fresh tensor with gradients to the parameter; the caller disposes it.</returns>
    public Tensor ComputeRotation() => matrix.Evaluate();

    /// <inheritdoc/>
    public Tensor ToSpace(Tensor values) => values.matmul(Rotation);

    /// <summary>Makes the matrix equal to the given one, orthonormalised where it is not; training starts anew from there.</summary>
    /// <param name="weight">[width, column]; it stays the caller's.</param>
    /// <exception cref="InterventionException">The shape is another.</exception>
    public void AssignRotation(Tensor weight)
    {
        if (!weight.shape.SequenceEqual([matrix.Rows, matrix.Columns]))
        {
            throw new InterventionException(
                "weight", $"The rotation of '{Type}' is [{matrix.Rows}, {matrix.Columns}], but the given matrix is [{string.Join(", ", weight.shape)}].");
        }

        matrix.Assign(weight);
    }

    internal override IDisposable? BeginStep()
    {
        if (step is not null)
        {
            return null;
        }

        step = new StepValue();
        return new Undo(() =>
        {
            step.Value?.Dispose();
            step = null;
        });
    }

    private protected override IEnumerable<StateEntry> StateEntries() => [.. OwnEntries(), .. matrix.StateEntries(Prefix)];

    /// <summary>Returns the state beside the rotation.</summary>
    private protected virtual IEnumerable<StateEntry> OwnEntries() => [];

    /// <summary>Holds the matrix of a step apart from the module, which would take it for one of its buffers.</summary>
    private sealed class StepValue
    {
        public Tensor? Value { get; set; }
    }
}
