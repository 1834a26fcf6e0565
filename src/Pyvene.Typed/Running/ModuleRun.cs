using System.Diagnostics.Contracts;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is the result of one run of an experiment on a module of your own. It owns its tensors: disposing it disposes them.</summary>
/// <typeparam name="TModel">The module's class.</typeparam>
public sealed class ModuleRun<TModel> : IDisposable
    where TModel : IArchitecture
{
    private readonly InterventionRun run;
    private readonly Func<Collected<TModel>, string> nameOf;

    internal ModuleRun(InterventionRun run, Func<Collected<TModel>, string> nameOf)
    {
        this.run = run;
        this.nameOf = nameOf;
    }

    /// <summary>Gets what the module returned in the intervened run; of a tuple its first tensor.</summary>
    public Tensor Output => run.Output;

    /// <summary>Gets what the module returned in the clean run; <see langword="null"/> when the run's options left it out.</summary>
    public Tensor? CleanOutput => run.CleanOutput;

    /// <summary>Gets what every intervention did, in the order of the experiment.</summary>
    public IReadOnlyList<EffectReceipt> Receipts => run.Receipts;

    /// <summary>Gets the values that a step collected: [batch, unit …, width]. The run owns them.</summary>
    /// <param name="handle">The handle that the step gave.</param>
    /// <exception cref="InterventionException">The handle is another experiment's.</exception>
    public Tensor this[Collected<TModel> handle] => run[nameOf(handle)];

    /// <summary>Returns the gradient of a score with respect to what a step collected, as in attribution patching (Nanda, 2023): [batch, unit …, width]; the caller disposes it.</summary>
    /// <remarks>The run must have been made with <see cref="RunOptions.Gradients"/>; no parameter has to learn. The <c>grad</c> of other tensors stays as it is, nothing is added up, and the graph is kept until the run is disposed, so that further calls give their own right answers.</remarks>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="handle">The handle that the step gave.</param>
    /// <exception cref="InterventionException">The handle is another experiment's.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on the values.</exception>
    [Pure]
    public Tensor Gradient(Tensor score, Collected<TModel> handle) => run.Gradient(score, nameOf(handle));

    /// <summary>Returns the gradients of a score with respect to what several steps collected, in the order of the handles, in one backward pass; otherwise as <see cref="Gradient"/>.</summary>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="handles">The handles that the steps gave.</param>
    /// <exception cref="InterventionException">A handle is another experiment's.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on one of the values.</exception>
    [Pure]
    public IReadOnlyList<Tensor> Gradients(Tensor score, params IEnumerable<Collected<TModel>> handles) => run.Gradients(score, handles.Select(nameOf));

    /// <summary>Writes the collected values to a file for other programs; its ending says in which form.</summary>
    /// <param name="path">A file that ends in <c>.safetensors</c>, <c>.json</c> (shape and values in row-major order) or <c>.csv</c> (a line an element); an existing one is replaced at once or not at all. Tensors have the names of their handles.</param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCollected(string path) => run.SaveCollected(path);

    /// <summary>Disposes the tensors of the run.</summary>
    public void Dispose() => run.Dispose();
}
