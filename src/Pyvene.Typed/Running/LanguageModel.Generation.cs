using System.Collections.Immutable;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using static TorchSharp.torch;

namespace Pyvene.Typed;

public sealed partial class LanguageModel<TModel>
{
    /// <summary>Generates text without intervention.</summary>
    /// <param name="prompt">The prompts.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="InterventionException">A prompt has no token.</exception>
    /// <exception cref="ArgumentException">The options contradict each other, or the prompts are too long.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public GeneratedText Generate(Prompt prompt, GenerationOptions? generation = null, CancellationToken cancellationToken = default) =>
        Generate(Plain, prompt, generation, null, cancellationToken);

    /// <summary>Generates text without intervention, with the settings of a run.</summary>
    /// <param name="prompt">The prompts.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the run.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="Generate(Prompt, GenerationOptions?, CancellationToken)"/>
    public GeneratedText Generate(Prompt prompt, GenerationOptions? generation, RunOptions? options, CancellationToken cancellationToken = default) =>
        Generate(Plain, prompt, generation, options, cancellationToken);

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
        CancellationToken cancellationToken = default) =>
        new(Generate(experiment.Given().ToConfig(), @base, generation, options, cancellationToken), experiment.NameOf);

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
        CancellationToken cancellationToken = default) =>
        new(Generate(experiment.Given().ToConfig(), @base, generation, options, cancellationToken, source), experiment.NameOf);

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
        CancellationToken cancellationToken = default) =>
        new(Generate(experiment.Given().ToConfig(), @base, generation, options, cancellationToken, [.. sources.Given()]), experiment.NameOf);

    private GeneratedText Generate(
        InterventionConfig config,
        Prompt prompt,
        GenerationOptions? generation,
        RunOptions? options,
        CancellationToken cancellationToken,
        params ReadOnlySpan<SourceInput> sources) =>
        Generate(config, prompt, generation, options, null, cancellationToken, sources);

    private GeneratedText Generate(
        InterventionConfig config,
        Prompt prompt,
        GenerationOptions? generation,
        RunOptions? options,
        Action<GenerationStep>? onStep,
        CancellationToken cancellationToken,
        params ReadOnlySpan<SourceInput> sources)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        using var plan = InterventionPlan.Bind(Module, config);
        using var scope = NewDisposeScope();
        var batch = prompts.Encode(prompt, "base");
        using var run = plan.Generate(batch, prompts.Encode(sources), (generation ?? Defaults).WithStopsFrom(Tokenizer), options, cancellationToken, onStep);
        // [row, generated]
        using var generated = run.Output.Sequences.narrow(1, run.Output.PromptLength, run.Output.Sequences.shape[1] - run.Output.PromptLength).cpu();
        var (rows, width, ids) = ((int)generated.shape[0], (int)generated.shape[1], generated.data<long>().ToArray());
        ImmutableArray<ImmutableArray<int>> tokens = [.. Enumerable.Range(0, rows)
            .Select(row => ids.Skip(row * width).Take(width).Select(id => (int)id).ToImmutableArray())];
        var copies = rows / (int)batch.Rows;
        return new GeneratedText(
            [.. Enumerable.Range(0, rows).Select(row => prompt.Texts.ElementAtOrDefault(row / copies) ?? "")],
            [.. tokens.Select(row => Tokenizer?.Decode(row, skipSpecialTokens: true) ?? "")],
            tokens,
            run.Receipts) { Lengths = [.. run.Output.Lengths], Collected = run.TakeCollected() };
    }

    /// <summary>Gets the configuration without interventions.</summary>
    private static InterventionConfig Plain => new() { Architecture = TModel.Descriptor.Key };

    /// <summary>Gets the options of the model's folder, or the library's own with the tokenizer's special tokens.</summary>
    private GenerationOptions Defaults =>
        generationDefaults ??= Path.GetDirectoryName(Module.Config.Origin) is { Length: > 0 } folder && Directory.Exists(folder)
            ? GenerationOptions.Load(folder)
            : new GenerationOptions();

    private IEnumerable<string> IdleDefaults()
    {
        try
        {
            return Defaults.Unread.Select(sentence => "generation options: " + sentence);
        }
        catch (CheckpointException error)
        {
            return [error.Message]; // a generation throws it; a program that generates nothing goes on
        }
    }

    private GenerationOptions? generationDefaults;
}
