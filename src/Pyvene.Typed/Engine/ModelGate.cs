using System.Runtime.CompilerServices;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Lets one run at a time into a model: two at once would see each other's edits.</summary>
internal static class ModelGate
{
    private static readonly ConditionalWeakTable<nn.Module, Lock> Gates = [];

    /// <summary>Waits until no other run uses the model.</summary>
    /// <returns>What lets the next one in when it is disposed.</returns>
    /// <exception cref="InterventionException">The current thread is in a run of this model already, such as in an intervention's own function.</exception>
    public static Lock.Scope Enter(nn.Module model)
    {
        var gate = Gates.GetOrCreateValue(model);
        return gate.IsHeldByCurrentThread
            ? throw new InterventionException("model", "A run of this model is going on in this thread; an intervention cannot start another one inside.")
            : gate.EnterScope();
    }

    /// <summary>Waits until no other thread runs the model, so that its hooks can be changed; within a run of the current thread it does not wait.</summary>
    /// <returns>What lets the next one in when it is disposed.</returns>
    public static Lock.Scope EnterForHooks(nn.Module model)
    {
        var gate = Gates.GetOrCreateValue(model);
        return gate.IsHeldByCurrentThread ? default : gate.EnterScope();
    }
}
