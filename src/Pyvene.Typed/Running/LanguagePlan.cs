using System.Collections.Immutable;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Running;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is a configuration bound to a language model: checked once, it runs and generates many times. Its hooks are gone when it is disposed.</summary>
/// <remarks>Runs on one model are let in one at a time, from any thread. The plan does not own the model, and must be disposed before it.</remarks>
public sealed class LanguagePlan : IDisposable
{
    private readonly LanguageModel model;

    internal LanguagePlan(LanguageModel model, InterventionConfig config)
    {
        this.model = model;
        Plan = InterventionPlan.Bind(model.Module, config);
    }

    /// <summary>Gets the plan that takes tensors.</summary>
    internal InterventionPlan Plan { get; }

    /// <summary>Gets what turns prompts into batches.</summary>
    internal PromptEncoder Prompts => model.Prompts;

    /// <summary>Tells how a run would go, without running it: the passes, what they share, what is left out, and the expected multiply-adds.</summary>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="sources">The sources, as many as the configuration reads; <see langword="null"/> = none.</param>
    /// <param name="options">
    /// The settings of the run; <see langword="null"/> = the defaults. The clean run is one of its passes unless they leave it out.
    /// </param>
    /// <exception cref="InterventionException">The prompts do not fit the configuration.</exception>
    public PlanExplanation Explain(Prompt @base, IReadOnlyList<SourceInput>? sources = null, RunOptions? options = null) =>
        Explain(@base, options, [.. sources ?? []]);

    /// <summary>Runs the plan.</summary>
    /// <param name="base">The prompt that is intervened on.</param>
    /// <param name="sources">
    /// The sources in order, as many as the configuration reads; <see cref="Source.Skip"/> leaves one out on purpose; <see langword="null"/> = none.
    /// </param>
    /// <param name="options">The settings; <see langword="null"/> = the clean run is returned too, and an intervention without an effect throws.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="InterventionException">The prompts do not fit the configuration (nothing has run), or an intervention had no effect.</exception>
    public ExperimentRun Run(Prompt @base, IReadOnlyList<SourceInput>? sources = null, RunOptions? options = null) =>
        Run(@base, options, [.. sources ?? []]);

    /// <summary>Generates text under the plan.</summary>
    /// <param name="base">The prompts.</param>
    /// <param name="sources">
    /// The sources in order, as many as the configuration reads; <see cref="Source.Skip"/> leaves one out on purpose; <see langword="null"/> = none.
    /// </param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <returns>The texts, the receipts and what was collected, which the caller disposes.</returns>
    /// <exception cref="InterventionException">
    /// A place does not say when it is acted on, the prompts do not fit (nothing has run), or an intervention had no effect.
    /// </exception>
    /// <exception cref="ArgumentException">The options contradict each other, or the prompts are too long.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public GeneratedText Generate(
        Prompt @base,
        IReadOnlyList<SourceInput>? sources = null,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Generate(@base, generation, options, null, cancellationToken, [.. sources ?? []]);

    /// <summary>Generates text under the plan and yields it piece by piece, as the tokens come. The plan must live until the stream is read.</summary>
    /// <param name="base">One prompt.</param>
    /// <param name="sources">
    /// The sources in order, as many as the configuration reads; <see cref="Source.Skip"/> leaves one out on purpose; <see langword="null"/> = none.
    /// </param>
    /// <param name="generation">How to generate, with one beam; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="LanguageModel.StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public TextStream StreamAsync(
        Prompt @base,
        IReadOnlyList<SourceInput>? sources = null,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default) =>
        new(model.Streamed(
            @base, generation, (how, onStep, stop) => Generate(@base, how, options, onStep, stop, [.. sources ?? []]), cancellationToken));

    /// <summary>Takes the plan's hooks off the model, which stays the caller's.</summary>
    public void Dispose() => Plan.Dispose();

    internal PlanExplanation Explain(Prompt @base, RunOptions? options, params ReadOnlySpan<SourceInput> sources)
    {
        PromptEncoder.RefuseMissing(@base, "base");
        using var scope = NewDisposeScope();
        return Plan.Explain(model.Prompts.Encode(@base, "base"), model.Prompts.Encode(sources), RunOptions.OfTypedRun(options));
    }

    /// <summary>Runs the plan.</summary>
    internal ExperimentRun Run(Prompt @base, RunOptions? options, params ReadOnlySpan<SourceInput> sources)
    {
        PromptEncoder.RefuseMissing(@base, "base");
        using var scope = NewDisposeScope();
        var batch = model.Prompts.Encode(@base, "base");
        options = RunOptions.OfTypedRun(options);
        var run = Plan.Run(batch, model.Prompts.Encode(sources), options);
        return new ExperimentRun(run, model.Prompts, @base, options.NextTokenOnly) { PredictsNext = model.Module.IsCausal };
    }

    /// <summary>Generates text and tells its steps.</summary>
    internal GeneratedText Generate(
        Prompt prompt,
        GenerationOptions? generation,
        RunOptions? options,
        Action<GenerationStep>? onStep,
        CancellationToken cancellationToken,
        params ReadOnlySpan<SourceInput> sources)
    {
        PromptEncoder.RefuseMissing(prompt, "base");
        using var scope = NewDisposeScope();
        generation = model.Completed(generation).WithStopsFrom(model.Tokenizer);
        var batch = model.Prompts.Encode(prompt, "base", generation);
        using var run = Plan.Generate(batch, model.Prompts.Encode(sources, generation), generation, options, cancellationToken, onStep);
        // [row, generated]
        using var generated = run.Output.Sequences.narrow(1, run.Output.PromptLength, run.Output.Sequences.shape[1] - run.Output.PromptLength).cpu();
        var (rows, width, ids) = ((int)generated.shape[0], (int)generated.shape[1], generated.data<long>().ToArray());
        ImmutableArray<ImmutableArray<int>> tokens = [.. Enumerable.Range(0, rows)
            .Select(row => ids.Skip(row * width).Take(width).Select(id => (int)id).ToImmutableArray())];
        var copies = rows / (int)batch.Rows;
        return new GeneratedText(
            [.. Enumerable.Range(0, rows).Select(row => prompt.Texts.ElementAtOrDefault(row / copies) ?? "")],
            [.. tokens.Select(row => model.Tokenizer?.Decode(row, skipSpecialTokens: true) ?? "")],
            tokens,
            run.Receipts)
        {
            Begins = prompt.Decoder is { } begun ? [.. Enumerable.Range(0, rows).Select(row => begun.Texts.ElementAtOrDefault(row / copies) ?? "")] : [],
            Arrow = model.Module.HasDecoder ? " → " : "",
            Lengths = [.. run.Output.Lengths],
            Collected = run.TakeCollected(),
        };
    }
}
