using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Is an experiment bound to a module of your own, or to a model of the library: checked once, it runs many times. Its hooks are gone when it is disposed.
/// </summary>
/// <remarks>Runs on one module are let in one at a time, from any thread. The plan does not own the module.</remarks>
/// <typeparam name="TModel">The module's class.</typeparam>
/// <typeparam name="TSources">The number of sources that a run takes.</typeparam>
public sealed class ModulePlan<TModel, TSources> : IDisposable
    where TModel : IArchitecture
    where TSources : ISourceCount
{
    private readonly Experiment<TModel, TSources> experiment;

    internal ModulePlan(nn.Module module, Experiment<TModel, TSources> experiment)
    {
        Plan = InterventionPlan.Bind(module, experiment.Given().ToConfig());
        this.experiment = experiment;
    }

    /// <summary>Gets the plan that takes tensors.</summary>
    internal InterventionPlan Plan { get; }

    /// <summary>Takes the plan's hooks off the module, which stays the caller's.</summary>
    public void Dispose() => Plan.Dispose();

    internal ModuleRun<TModel> Run(ModelInputs @base, RunOptions? options, params IReadOnlyList<ModelInputs?> sources)
    {
        ArgumentNullException.ThrowIfNull(@base);
        return new(Plan.Run(new Batch(@base), InterventionPlan.Batches(sources), RunOptions.OfTypedRun(options)), experiment.NameOf);
    }
}
