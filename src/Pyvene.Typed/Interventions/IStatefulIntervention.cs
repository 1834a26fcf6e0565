using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Interventions;

/// <summary>
/// Is an intervention that holds tensors, such as a learned rotation. A configuration names its type and sizes; the tensors are saved beside it.
/// </summary>
public interface IStatefulIntervention
{
    /// <summary>Gets what the state belongs to: interventions that answer with the same object share one state, which is to be saved once.</summary>
    object StateOwner { get; }

    /// <summary>Returns copies of the tensors under pyvene's names, such as <c>rotate_layer.parametrizations.weight.original</c>.</summary>
    /// <returns>Detached copies on the state's device; the caller disposes them.</returns>
    IReadOnlyDictionary<string, Tensor> CopyState();

    /// <summary>Replaces the values of the tensors, all or none, after the names and the shapes were checked.</summary>
    /// <param name="state">The tensors by name; they stay the caller's, and may have another floating dtype and device.</param>
    /// <exception cref="InterventionException">A name is missing or unknown, or a shape differs; nothing was replaced.</exception>
    void LoadState(IReadOnlyDictionary<string, Tensor> state);
}
