using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Is a module that replaces every dimension by a share of its own, a gate, which an experiment can collect with <c>CollectGate</c>.</summary>
public interface IGate
{
    /// <summary>Computes the share of the source that every dimension is given.</summary>
    /// <param name="values">The values, in the dtype and on the device of the module's parameters: [batch, …, width]. They are not written into.</param>
    /// <returns>Shares from 0 to 1 with gradients, in the current dispose scope: [batch, …, dimension], alike in all rows where values do not matter.</returns>
    Tensor ComputeGate(Tensor values);
}
