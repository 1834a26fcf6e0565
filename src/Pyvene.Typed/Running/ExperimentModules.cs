using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Makes modules of experiments, to stand inside of larger ones, and calls them with as many sources as they take.</summary>
public static class ExperimentModules
{
    /// <summary>Returns this experiment on a model of the library as a module.</summary>
    /// <typeparam name="TModel">The model's architecture.</typeparam>
    /// <typeparam name="TSources">The number of sources.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="model">The model, of one of the architecture's classes; it becomes a part of the module, which disposes it.</param>
    /// <exception cref="InterventionException">The model is of another architecture, or the experiment does not fit it; no hook is left behind.</exception>
    public static ExperimentModule<TModel, TSources> AsModule<TModel, TSources>(this Experiment<TModel, TSources> experiment, PretrainedModel model)
        where TModel : IArchitecture
        where TSources : ISourceCount => new(model.Given(), experiment);

    /// <summary>Returns this experiment on a module of your own as a module.</summary>
    /// <typeparam name="TModel">The module's class, which has <see cref="InterventionModelAttribute"/>.</typeparam>
    /// <typeparam name="TSources">The number of sources.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="module">The module; it becomes a part of the new one, which disposes it.</param>
    /// <exception cref="InterventionException">The experiment does not fit the module; no hook is left behind.</exception>
    public static ExperimentModule<TModel, TSources> AsModule<TModel, TSources>(this Experiment<TModel, TSources> experiment, TModel module)
        where TModel : nn.Module, IArchitecture
        where TSources : ISourceCount => new(module.Given(), experiment);

    /// <summary>Runs an experiment that reads no source, as a part of a larger module.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="module">The experiment.</param>
    /// <param name="base">The input of the run that is intervened on; it stays the caller's.</param>
    /// <returns>What the model returned under the interventions; its tensors belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="InterventionException">The inputs do not fit the experiment.</exception>
    public static ModelOutput Call<TModel>(this ExperimentModule<TModel, NoSource> module, ModelInputs @base)
        where TModel : IArchitecture => module.Given().call([@base]);

    /// <summary>Runs an experiment that reads one source, as a part of a larger module.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="module">The experiment.</param>
    /// <param name="base">The input of the run that is intervened on; it stays the caller's.</param>
    /// <param name="source">The input that is read; <see langword="null"/> leaves it out on purpose.</param>
    /// <inheritdoc cref="Call{TModel}(ExperimentModule{TModel, NoSource}, ModelInputs)"/>
    public static ModelOutput Call<TModel>(this ExperimentModule<TModel, OneSource> module, ModelInputs @base, ModelInputs? source)
        where TModel : IArchitecture => module.Given().call([@base, source]);

    /// <summary>Runs an experiment that reads two sources, as a part of a larger module.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="module">The experiment.</param>
    /// <param name="base">The input of the run that is intervened on; it stays the caller's.</param>
    /// <param name="first">The first input that is read; <see langword="null"/> leaves it out on purpose.</param>
    /// <param name="second">The second.</param>
    /// <inheritdoc cref="Call{TModel}(ExperimentModule{TModel, NoSource}, ModelInputs)"/>
    public static ModelOutput Call<TModel>(this ExperimentModule<TModel, TwoSources> module, ModelInputs @base, ModelInputs? first, ModelInputs? second)
        where TModel : IArchitecture => module.Given().call([@base, first, second]);
}
