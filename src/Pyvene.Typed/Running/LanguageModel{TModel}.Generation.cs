using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;

namespace Pyvene.Typed;

public sealed partial class LanguageModel<TModel>
{
    /// <summary>Generates text under an experiment that reads no source.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">The prompts.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <returns>The texts, the receipts and what was collected, which the caller disposes.</returns>
    /// <exception cref="InterventionException">
    /// The experiment or the prompts do not fit the model (nothing has run), or an intervention had no effect.
    /// </exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public GeneratedText<TModel> Generate(
        Experiment<TModel, NoSource> experiment,
        Prompt @base,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Generate(@base, generation, options, null, cancellationToken), experiment.NameOf);
    }

    /// <summary>
    /// Generates text under an experiment that reads one source; the source runs once, and its values stay the same over the whole generation.
    /// </summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">The prompts.</param>
    /// <param name="source">The prompt that is read; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="Generate(Experiment{TModel, NoSource}, Prompt, GenerationOptions?, RunOptions?, CancellationToken)"/>
    public GeneratedText<TModel> Generate(
        Experiment<TModel, OneSource> experiment,
        Prompt @base,
        SourceInput source,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Generate(@base, generation, options, null, cancellationToken, source), experiment.NameOf);
    }

    /// <summary>Generates text under an experiment whose number of sources was said with <c>WithSources</c>; each runs once.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">The prompts.</param>
    /// <param name="sources">The sources in order, as many as the experiment reads; <see cref="Source.Skip"/> leaves one out on purpose.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="Generate(Experiment{TModel, NoSource}, Prompt, GenerationOptions?, RunOptions?, CancellationToken)"/>
    public GeneratedText<TModel> Generate(
        Experiment<TModel, ManySources> experiment,
        Prompt @base,
        IReadOnlyList<SourceInput> sources,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Generate(@base, generation, options, null, cancellationToken, [.. sources.Given()]), experiment.NameOf);
    }

    /// <summary>Generates text under an experiment that reads no source and yields it piece by piece.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">One prompt.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="LanguageModel.StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream<TModel> StreamAsync(
        Experiment<TModel, NoSource> experiment,
        Prompt @base,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new(Streamed(experiment, @base, generation, options, cancellationToken), experiment.NameOf);

    /// <summary>Generates text under an experiment that reads one source and yields it piece by piece.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">One prompt.</param>
    /// <param name="source">The prompt that is read; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="LanguageModel.StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream<TModel> StreamAsync(
        Experiment<TModel, OneSource> experiment,
        Prompt @base,
        SourceInput source,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new(Streamed(experiment, @base, generation, options, cancellationToken, source), experiment.NameOf);

    private Func<Action<GeneratedText>, IAsyncEnumerable<string>> Streamed<TSources>(
        Experiment<TModel, TSources> experiment,
        Prompt @base,
        GenerationOptions? generation,
        RunOptions? options,
        CancellationToken cancellationToken,
        params SourceInput[] sources)
        where TSources : ISourceCount
    {
        var config = experiment.Given().ToConfig();
        return Streamed(config, @base, generation, options, cancellationToken, sources);
    }
}
