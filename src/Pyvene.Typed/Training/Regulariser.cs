using static TorchSharp.torch;

namespace Pyvene.Typed.Training;

/// <summary>Is a term of the loss that keeps a parameter small.</summary>
/// <param name="Kind">What is added.</param>
/// <param name="Parameter">The end of the parameter's name, such as <c>intervention_boundaries</c> or <c>mask</c>; every one that fits is kept small.</param>
/// <param name="Coefficient">What it is multiplied with.</param>
public sealed record Regulariser(RegulariserKind Kind, string Parameter, double Coefficient)
{
    /// <summary>Returns the sum of a boundary as a term (Wu et al. 2023).</summary>
    /// <param name="coefficient">What it is multiplied with.</param>
    public static Regulariser Boundary(double coefficient) => new(RegulariserKind.Sum, "intervention_boundaries", coefficient);

    /// <summary>Returns the term for one parameter: [].</summary>
    internal Tensor Of(Tensor parameter) => (Kind == RegulariserKind.Sum ? parameter : parameter.abs()).sum().mul(Native.Scalars.Of(Coefficient));
}
