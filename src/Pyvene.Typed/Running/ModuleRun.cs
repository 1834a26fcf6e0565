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

    /// <summary>
    /// Gets what the module returned in the intervened run: of a tuple its first tensor; of the library's models the logits, else the last hidden state.
    /// </summary>
    public Tensor Output => run.Output;

    /// <summary>Gets what the module returned in the clean run, of the same shape as <see cref="Output"/>.</summary>
    /// <exception cref="InvalidOperationException">The run's options left the clean run out.</exception>
    public Tensor CleanOutput => run.CleanOutput ?? throw new InvalidOperationException(
        "There is no clean run beside this one: it has no interventions, so that its output is the clean one, or its options left it out (WithClean = false); "
            + "run with new RunOptions { WithClean = true }.");

    /// <summary>Gets all tensors that a module of your own returned in the intervened run, in order; empty for the library's models.</summary>
    public IReadOnlyList<Tensor> Values => run.Values;

    /// <summary>Gets what every intervention did, in the order of the experiment.</summary>
    public IReadOnlyList<EffectReceipt> Receipts => run.Receipts;

    /// <summary>Gets the values that a step collected: [batch, unit …, width]. The run owns them.</summary>
    /// <param name="handle">The handle that the step gave.</param>
    /// <exception cref="InterventionException">The handle is another experiment's.</exception>
    public Tensor this[Collected<TModel> handle] => run[nameOf(handle)];

    /// <inheritdoc cref="ExperimentRun{TModel}.Gradient(Tensor, Collected{TModel})"/>
    [Pure]
    public Tensor Gradient(Tensor score, Collected<TModel> handle) => run.Gradient(score, nameOf(handle));

    /// <inheritdoc cref="ExperimentRun{TModel}.Gradients(Tensor, IEnumerable{Collected{TModel}})"/>
    [Pure]
    public IReadOnlyList<Tensor> Gradients(Tensor score, params IEnumerable<Collected<TModel>> handles) => run.Gradients(score, handles.Select(nameOf));

    /// <inheritdoc cref="ExperimentRun.SaveCollected(string)"/>
    public void SaveCollected(string path) => run.SaveCollected(path);

    /// <summary>Disposes the tensors of the run.</summary>
    public void Dispose() => run.Dispose();
}
