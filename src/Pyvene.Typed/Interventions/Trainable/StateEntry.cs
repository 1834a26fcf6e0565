using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Is one tensor of a module's state as files hold it, which need not be how the module holds it.</summary>
/// <param name="Name">pyvene's name.</param>
/// <param name="Shape">The shape in the file.</param>
/// <param name="Copy">Makes a detached copy in the current dispose scope.</param>
/// <param name="Replace">Replaces the value by one of this shape.</param>
/// <param name="Live">The tensor itself where it is held as it is written, else null.</param>
internal sealed record StateEntry(string Name, long[] Shape, Func<Tensor> Copy, Action<Tensor> Replace, Tensor? Live = null)
{
    /// <summary>Makes the entry of a tensor that is held as it is written.</summary>
    public static StateEntry Of(string name, Tensor live) => new(name, live.shape, () => live.detach().clone(), value => live.copy_(value), live);
}
