using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Binds experiments to modules of your own, and to the library's models that are no language models, and runs them: a run takes exactly as many sources as the
/// experiment reads.
/// </summary>
public static class ModuleExperiments
{
    /// <summary>Binds this experiment to a module.</summary>
    /// <typeparam name="TModel">The module's class, which has <see cref="InterventionModelAttribute"/>.</typeparam>
    /// <typeparam name="TSources">The number of sources.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="module">The module; it stays the caller's.</param>
    /// <returns>The plan; the caller disposes it.</returns>
    /// <exception cref="InterventionException">The experiment does not fit the module; no hook is left behind.</exception>
    public static ModulePlan<TModel, TSources> Bind<TModel, TSources>(this Experiment<TModel, TSources> experiment, TModel module)
        where TModel : nn.Module, IArchitecture
        where TSources : ISourceCount => new(module, experiment);

    /// <summary>Binds this experiment to a model of the library, such as a <c>Gru</c> or a <c>ResNet</c>, which takes named inputs.</summary>
    /// <typeparam name="TModel">The model's architecture.</typeparam>
    /// <typeparam name="TSources">The number of sources.</typeparam>
    /// <param name="experiment">The experiment.</param>
    /// <param name="model">The model, of one of the architecture's classes; it stays the caller's.</param>
    /// <returns>The plan; the caller disposes it.</returns>
    /// <exception cref="InterventionException">The model is of another architecture, or the experiment does not fit it; no hook is left behind.</exception>
    public static ModulePlan<TModel, TSources> Bind<TModel, TSources>(this Experiment<TModel, TSources> experiment, PretrainedModel model)
        where TModel : IArchitecture
        where TSources : ISourceCount => new(model, experiment);

    /// <summary>Runs an experiment that reads no source.</summary>
    /// <typeparam name="TModel">The module's class.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">
    /// The input of the run that is intervened on: a tensor [batch, …], several as <c>(x, mask)</c>, or named ones; they stay the caller's.
    /// </param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="InterventionException">The input does not fit the experiment (nothing has run), or an intervention had no effect.</exception>
    public static ModuleRun<TModel> Run<TModel>(this ModulePlan<TModel, NoSource> plan, ModelInputs @base, RunOptions? options = null)
        where TModel : IArchitecture => plan.Given().Run(@base, options, []);

    /// <summary>Runs an experiment that reads one source.</summary>
    /// <typeparam name="TModel">The module's class.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">
    /// The input of the run that is intervened on: a tensor [batch, …], several as <c>(x, mask)</c>, or named ones; they stay the caller's.
    /// </param>
    /// <param name="source">The input that is read, of the same form; <see langword="null"/> = left out on purpose.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(ModulePlan{TModel, NoSource}, ModelInputs, RunOptions?)"/>
    public static ModuleRun<TModel> Run<TModel>(this ModulePlan<TModel, OneSource> plan, ModelInputs @base, ModelInputs? source, RunOptions? options = null)
        where TModel : IArchitecture => plan.Given().Run(@base, options, source);

    /// <summary>Runs an experiment that reads two sources.</summary>
    /// <typeparam name="TModel">The module's class.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">
    /// The input of the run that is intervened on: a tensor [batch, …], several as <c>(x, mask)</c>, or named ones; they stay the caller's.
    /// </param>
    /// <param name="first">The first source, of the same form; <see langword="null"/> = left out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(ModulePlan{TModel, NoSource}, ModelInputs, RunOptions?)"/>
    public static ModuleRun<TModel> Run<TModel>(
        this ModulePlan<TModel, TwoSources> plan, ModelInputs @base, ModelInputs? first, ModelInputs? second, RunOptions? options = null)
        where TModel : IArchitecture => plan.Given().Run(@base, options, first, second);

    /// <summary>Runs an experiment that reads three sources.</summary>
    /// <typeparam name="TModel">The module's class.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">
    /// The input of the run that is intervened on: a tensor [batch, …], several as <c>(x, mask)</c>, or named ones; they stay the caller's.
    /// </param>
    /// <param name="first">The first source, of the same form; <see langword="null"/> = left out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(ModulePlan{TModel, NoSource}, ModelInputs, RunOptions?)"/>
    public static ModuleRun<TModel> Run<TModel>(
        this ModulePlan<TModel, ThreeSources> plan, ModelInputs @base, ModelInputs? first, ModelInputs? second, ModelInputs? third, RunOptions? options = null)
        where TModel : IArchitecture => plan.Given().Run(@base, options, first, second, third);

    /// <summary>Runs an experiment that reads four sources.</summary>
    /// <typeparam name="TModel">The module's class.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">
    /// The input of the run that is intervened on: a tensor [batch, …], several as <c>(x, mask)</c>, or named ones; they stay the caller's.
    /// </param>
    /// <param name="first">The first source, of the same form; <see langword="null"/> = left out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="fourth">The fourth source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(ModulePlan{TModel, NoSource}, ModelInputs, RunOptions?)"/>
    public static ModuleRun<TModel> Run<TModel>(
        this ModulePlan<TModel, FourSources> plan,
        ModelInputs @base,
        ModelInputs? first,
        ModelInputs? second,
        ModelInputs? third,
        ModelInputs? fourth,
        RunOptions? options = null)
        where TModel : IArchitecture => plan.Given().Run(@base, options, first, second, third, fourth);

    /// <summary>Runs an experiment whose number of sources was said with <c>WithSources</c>.</summary>
    /// <typeparam name="TModel">The module's class.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">
    /// The input of the run that is intervened on: a tensor [batch, …], several as <c>(x, mask)</c>, or named ones; they stay the caller's.
    /// </param>
    /// <param name="sources">The sources in order, as many as the experiment reads; <see langword="null"/> = left out on purpose.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(ModulePlan{TModel, NoSource}, ModelInputs, RunOptions?)"/>
    public static ModuleRun<TModel> Run<TModel>(
        this ModulePlan<TModel, ManySources> plan, ModelInputs @base, IReadOnlyList<ModelInputs?> sources, RunOptions? options = null)
        where TModel : IArchitecture => plan.Given().Run(@base, options, sources.Given());
}
