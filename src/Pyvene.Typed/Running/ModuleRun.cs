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
    private readonly Func<Collected<TModel>, bool> knows;
    private readonly string experiment;

    internal ModuleRun(InterventionRun run, Func<Collected<TModel>, bool> knows, string experiment)
    {
        this.run = run;
        this.knows = knows;
        this.experiment = experiment;
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
    public Tensor this[Collected<TModel> handle] => knows(handle)
        ? run[handle.Name]
        : throw new InterventionException("handle", $"The handle collects {handle.Place} in another experiment; this run is of the experiment {experiment}, which has no such step. Use the handle of a step of the experiment that was run.");

    /// <summary>Disposes the tensors of the run.</summary>
    public void Dispose() => run.Dispose();
}
