using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>
/// Is a module that has a space of its own, such as latents or rotated dimensions, whose coordinates an experiment can collect with <c>CollectInside</c>.
/// </summary>
public interface IInnerSpace
{
    /// <summary>Computes the coordinates of values in the module's own space.</summary>
    /// <param name="values">The values, in the dtype and on the device of the module's parameters: [batch, …, width]. They are not written into.</param>
    /// <returns>A fresh tensor with gradients, in the current dispose scope: [batch, …, space].</returns>
    Tensor ToSpace(Tensor values);
}
