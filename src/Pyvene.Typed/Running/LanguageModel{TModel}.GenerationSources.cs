using Pyvene.Typed.Generation;

namespace Pyvene.Typed;

/// <content>Generation from experiments that read several sources; each runs once, side by side or in series.</content>
public sealed partial class LanguageModel<TModel>
{
    /// <summary>Generates text under an experiment that reads two sources; each runs once.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">The prompts.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="Generate(Experiment{TModel, NoSource}, Prompt, GenerationOptions?, RunOptions?, CancellationToken)"/>
    public GeneratedText<TModel> Generate(
        Experiment<TModel, TwoSources> experiment,
        Prompt @base,
        SourceInput first,
        SourceInput second,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Generate(@base, generation, options, null, cancellationToken, first, second), experiment.NameOf);
    }

    /// <summary>Generates text under an experiment that reads three sources; each runs once.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">The prompts.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="Generate(Experiment{TModel, NoSource}, Prompt, GenerationOptions?, RunOptions?, CancellationToken)"/>
    public GeneratedText<TModel> Generate(
        Experiment<TModel, ThreeSources> experiment,
        Prompt @base,
        SourceInput first,
        SourceInput second,
        SourceInput third,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Generate(@base, generation, options, null, cancellationToken, first, second, third), experiment.NameOf);
    }

    /// <summary>Generates text under an experiment that reads four sources; each runs once.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">The prompts.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="fourth">The fourth source.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="Generate(Experiment{TModel, NoSource}, Prompt, GenerationOptions?, RunOptions?, CancellationToken)"/>
    public GeneratedText<TModel> Generate(
        Experiment<TModel, FourSources> experiment,
        Prompt @base,
        SourceInput first,
        SourceInput second,
        SourceInput third,
        SourceInput fourth,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using var plan = Bind(experiment);
        return new(plan.Plan.Generate(@base, generation, options, null, cancellationToken, first, second, third, fourth), experiment.NameOf);
    }

    /// <summary>Generates text under an experiment that reads two sources and yields it piece by piece.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">One prompt.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="LanguageModel.StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream<TModel> StreamAsync(
        Experiment<TModel, TwoSources> experiment,
        Prompt @base,
        SourceInput first,
        SourceInput second,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new(Streamed(experiment, @base, generation, options, cancellationToken, first, second), experiment.NameOf);

    /// <summary>Generates text under an experiment that reads three sources and yields it piece by piece.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">One prompt.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="LanguageModel.StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream<TModel> StreamAsync(
        Experiment<TModel, ThreeSources> experiment,
        Prompt @base,
        SourceInput first,
        SourceInput second,
        SourceInput third,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new(Streamed(experiment, @base, generation, options, cancellationToken, first, second, third), experiment.NameOf);

    /// <summary>Generates text under an experiment that reads four sources and yields it piece by piece.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">One prompt.</param>
    /// <param name="first">The first source; <see cref="Source.Skip"/> leaves it out on purpose.</param>
    /// <param name="second">The second source.</param>
    /// <param name="third">The third source.</param>
    /// <param name="fourth">The fourth source.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="LanguageModel.StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream<TModel> StreamAsync(
        Experiment<TModel, FourSources> experiment,
        Prompt @base,
        SourceInput first,
        SourceInput second,
        SourceInput third,
        SourceInput fourth,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new(Streamed(experiment, @base, generation, options, cancellationToken, first, second, third, fourth), experiment.NameOf);

    /// <summary>Generates text under an experiment whose number of sources was said with <c>WithSources</c> and yields it piece by piece.</summary>
    /// <param name="experiment">The experiment; every place says with <c>During</c> when in the generation it is acted on.</param>
    /// <param name="base">One prompt.</param>
    /// <param name="sources">The sources in order, as many as the experiment reads; <see cref="Source.Skip"/> leaves one out on purpose.</param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="LanguageModel.StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream<TModel> StreamAsync(
        Experiment<TModel, ManySources> experiment,
        Prompt @base,
        IReadOnlyList<SourceInput> sources,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new(Streamed(experiment, @base, generation, options, cancellationToken, [.. sources.Given()]), experiment.NameOf);
}
