using System.Runtime.CompilerServices;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed.Engine;

/// <summary>Lets one run at a time into a model: two at once would see each other's edits. Once a model is disposed, nothing is let in.</summary>
/// <remarks>
/// What a function of a run starts and waits for, such as a task, carries the mark of the run with it, and is refused instead of waiting for ever. A thread
/// that was started with its
/// execution context suppressed carries no mark: a function must not wait for one that runs the same model.
/// </remarks>
internal sealed class ModelGate
{
    private static readonly ConditionalWeakTable<nn.Module, ModelGate> Gates = [];
    private static readonly AsyncLocal<Entry?> Flow = new();

    private readonly Lock held = new();
    private bool isClosed;

    /// <summary>Waits until no other run uses the model.</summary>
    /// <returns>What lets the next one in when it is disposed.</returns>
    /// <exception cref="InterventionException">The caller is in a run of this model already, such as in an intervention's own function, or in a task that it
    /// waits for.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static IDisposable Enter(nn.Module model)
    {
        var gate = Gates.GetOrCreateValue(model);
        gate.RefuseInside("A run of this model is going on in this thread; an intervention cannot start another one inside.");
        return gate.Hold(model);
    }

    /// <summary>Waits until no other thread runs the model, so that its hooks can be changed; within a run of the current thread it does not wait.</summary>
    /// <returns>What lets the next one in when it is disposed.</returns>
    /// <exception cref="InterventionException">The caller is in a task that a run of this model started.</exception>
    public static IDisposable? EnterForHooks(nn.Module model)
    {
        var gate = Gates.GetOrCreateValue(model);
        if (gate.held.IsHeldByCurrentThread)
        {
            return null;
        }

        gate.RefuseInside("");
        return gate.Hold(null);
    }

    /// <summary>Waits until no run uses the model, disposes it, and lets nothing in from now on; a second time it does nothing.</summary>
    /// <exception cref="InterventionException">The caller is in a run of the model.</exception>
    public static void Close(nn.Module model)
    {
        var gate = Gates.GetOrCreateValue(model);
        gate.RefuseInside("A run of this model is going on in this thread; it cannot be disposed inside. Dispose it behind the run.");
        using var entry = gate.Hold(null);
        if (!gate.isClosed)
        {
            gate.isClosed = true;
            model.Dispose();
        }
    }

    /// <summary>Checks that a model still lives.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public static void RefuseDisposed(nn.Module model)
    {
        if ((Gates.TryGetValue(model, out var gate) && gate.isClosed) || IsDisposed(model))
        {
            throw new ObjectDisposedException(model.GetName(), $"The {model.GetName()} was disposed, so nothing can run on it any more. Dispose a model "
                + "behind its last run, plan and stream.");
        }
    }

    // A module that was disposed past the gate, by itself, answers no native question any more.
    private static bool IsDisposed(nn.Module model)
    {
        try
        {
            _ = model.training;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private void RefuseInside(string inThread)
    {
        if (held.IsHeldByCurrentThread)
        {
            throw new InterventionException("model", inThread);
        }

        for (var entry = Flow.Value; entry is not null; entry = entry.Outer)
        {
            if (entry.IsHeld && entry.Gate == this)
            {
                throw new InterventionException("model", "This task was started inside of a run of this model, which goes on; it would wait for the run, and "
                    + "the run may wait for it. Run the model before, or behind it.");
            }
        }
    }

    private Entry Hold(nn.Module? model)
    {
        held.Enter();
        try
        {
            if (model is not null)
            {
                RefuseDisposed(model);
            }
        }
        catch
        {
            held.Exit();
            throw;
        }

        return new Entry(this);
    }

    /// <summary>Is one stay behind the gate; whatever starts inside of it inherits it.</summary>
    private sealed class Entry : IDisposable
    {
        public Entry(ModelGate gate)
        {
            (Gate, Outer, IsHeld) = (gate, Flow.Value, true);
            Flow.Value = this;
        }

        public ModelGate Gate { get; }

        public Entry? Outer { get; }

        public bool IsHeld { get; private set; }

        public void Dispose()
        {
            IsHeld = false;
            Flow.Value = Outer;
            Gate.held.Exit();
        }
    }
}
