using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;

namespace Pyvene.Typed;

/// <summary>Runs experiments that are bound to a language model: a run takes exactly as many sources as the experiment reads.</summary>
public static class LanguagePlans
{
    /// <summary>Runs an experiment that reads no source.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="InterventionException">The prompts do not fit the experiment (nothing has run), or an intervention had no effect.</exception>
    public static ExperimentRun<TModel> Run<TModel>(this LanguagePlan<TModel, NoSource> plan, Prompt @base, RunOptions? options = null)
        where TModel : IArchitecture => new(plan.Given().Plan.Run(@base, options), plan.Experiment.NameOf);

    /// <summary>Runs an experiment that reads one source.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="source">The prompt that is read; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(LanguagePlan{TModel, NoSource}, Prompt, RunOptions?)"/>
    public static ExperimentRun<TModel> Run<TModel>(this LanguagePlan<TModel, OneSource> plan, Prompt @base, SourceInput source, RunOptions? options = null)
        where TModel : IArchitecture => new(plan.Given().Plan.Run(@base, options, source), plan.Experiment.NameOf);

    /// <summary>Runs an experiment that reads two sources.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(LanguagePlan{TModel, NoSource}, Prompt, RunOptions?)"/>
    public static ExperimentRun<TModel> Run<TModel>(
        this LanguagePlan<TModel, TwoSources> plan, Prompt @base, SourceInput first, SourceInput second, RunOptions? options = null)
        where TModel : IArchitecture => new(plan.Given().Plan.Run(@base, options, first, second), plan.Experiment.NameOf);

    /// <summary>Runs an experiment that reads three sources.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(LanguagePlan{TModel, NoSource}, Prompt, RunOptions?)"/>
    public static ExperimentRun<TModel> Run<TModel>(
        this LanguagePlan<TModel, ThreeSources> plan, Prompt @base, SourceInput first, SourceInput second, SourceInput third, RunOptions? options = null)
        where TModel : IArchitecture => new(plan.Given().Plan.Run(@base, options, first, second, third), plan.Experiment.NameOf);

    /// <summary>Runs an experiment that reads four sources.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="fourth">The fourth source.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(LanguagePlan{TModel, NoSource}, Prompt, RunOptions?)"/>
    public static ExperimentRun<TModel> Run<TModel>(
        this LanguagePlan<TModel, FourSources> plan,
        Prompt @base,
        SourceInput first,
        SourceInput second,
        SourceInput third,
        SourceInput fourth,
        RunOptions? options = null)
        where TModel : IArchitecture => new(plan.Given().Plan.Run(@base, options, first, second, third, fourth), plan.Experiment.NameOf);

    /// <summary>Runs an experiment that reads as many sources as <c>WithSources</c> said.</summary>
    /// <typeparam name="TModel">The architecture.</typeparam>
    /// <param name="plan">The bound experiment.</param>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="sources">The sources in order, as many as the experiment reads; <see cref="Source.Skip"/> leaves one out on purpose.</param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <inheritdoc cref="Run{TModel}(LanguagePlan{TModel, NoSource}, Prompt, RunOptions?)"/>
    public static ExperimentRun<TModel> Run<TModel>(
        this LanguagePlan<TModel, ManySources> plan, Prompt @base, IReadOnlyList<SourceInput> sources, RunOptions? options = null)
        where TModel : IArchitecture => new(plan.Given().Plan.Run(@base, options, [.. sources.Given()]), plan.Experiment.NameOf);
}
