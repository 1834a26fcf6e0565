using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

namespace Pyvene.Typed.Configuration;

/// <summary>Says what stands behind the parts of a pyvene call that JSON cannot hold: tensors and functions.</summary>
public sealed record PyveneJsonOptions
{
    /// <summary>Gets the function that returns the tensor of a name, for values written <c>{"t": "NAME"}</c>; the tensor stays its owner's.</summary>
    public Func<string, Tensor>? Tensor { get; init; }

    /// <summary>Gets the function that returns the intervention of a text, for values written <c>{"lambda": "TEXT"}</c>. It also gets the <c>subspaces</c> of
    /// the call, one
    /// list an example, or <see langword="null"/>: they do not narrow what a function sees.</summary>
    public Func<string, IReadOnlyList<IReadOnlyList<int>>?, Intervention>? Function { get; init; }
}
