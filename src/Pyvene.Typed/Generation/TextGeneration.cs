using Pyvene.Typed.Models;

namespace Pyvene.Typed.Generation;

/// <summary>Generates text with a language model: greedy search, sampling and beam search, with the results of transformers 4.57.6.</summary>
public static class TextGeneration
{
    /// <summary>Generates text.</summary>
    /// <param name="model">The language model, in evaluation mode.</param>
    /// <param name="inputs">
    /// The prompts, padded on the left: <see cref="ModelInputs.InputIds"/> or <see cref="ModelInputs.InputsEmbeds"/>, with mask [batch, position], position ids
    /// and token types where wanted. They stay the caller's.
    /// </param>
    /// <param name="options">How to generate; <see cref="GenerationOptions.Load"/> gives a checkpoint's own.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <returns>The texts; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">
    /// Options contradict each other, the prompts are malformed, padded on the right or too long, or a token is beyond the vocabulary.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model returns no logits, or keeps no cache though it should.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public static GenerationOutput Generate(PretrainedModel model, ModelInputs inputs, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Generate(model.call, model.Config, inputs, options, cancellationToken);
    }

    /// <summary>Generates text without beams and yields the tokens of every step as soon as they are chosen.</summary>
    /// <param name="model">The language model, in evaluation mode.</param>
    /// <param name="inputs">
    /// The prompts, as in <see cref="Generate(PretrainedModel, ModelInputs, GenerationOptions, CancellationToken)"/>; they must live until the last step.
    /// </param>
    /// <param name="options">How to generate; with one beam, since a beam search knows its text only at the end.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <returns>The steps; the model is run as they are asked for, and no tensor is left to dispose.</returns>
    /// <exception cref="ArgumentException">
    /// As in <see cref="Generate(PretrainedModel, ModelInputs, GenerationOptions, CancellationToken)"/>, or a beam search is asked for.
    /// </exception>
    public static IEnumerable<GenerationStep> Stream(
        PretrainedModel model, ModelInputs inputs, GenerationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        return options.NumBeams == 1
            ? Stream(model.call, model.Config, inputs, options, cancellationToken)
            : throw new ArgumentException(
                $"A beam search knows its text only at the end, so its steps cannot be streamed, but NumBeams is {options.NumBeams}. "
                    + "Set it to 1, or call Generate.",
                nameof(options));
    }

    /// <summary>Generates text with anything that runs a forward pass, such as a model that is watched.</summary>
    /// <param name="forward">Runs one forward pass; every pass of the generation goes through it.</param>
    /// <param name="config">The configuration of the model.</param>
    /// <param name="inputs">The prompts.</param>
    /// <param name="options">How to generate.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    internal static GenerationOutput Generate(
        Func<ModelInputs, ModelOutput> forward,
        ModelConfig config,
        ModelInputs inputs,
        GenerationOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forward);
        using var run = new GenerationRun(config, inputs, options);
        while (run.Next(cancellationToken) is { } begun)
        {
            using var step = begun;
            step.Take(forward(step.Inputs));
        }

        return run.Search.Finish();
    }

    /// <summary>Generates text with anything that runs a forward pass, and yields every step.</summary>
    internal static IEnumerable<GenerationStep> Stream(
        Func<ModelInputs, ModelOutput> forward,
        ModelConfig config,
        ModelInputs inputs,
        GenerationOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(forward);
        using var run = new GenerationRun(config, inputs, options);
        var search = (RowwiseSearch)run.Search;
        for (var index = 0; run.Next(cancellationToken) is { } begun; index++)
        {
            using (var step = begun)
            {
                step.Take(forward(step.Inputs));
            }

            yield return new GenerationStep(index, search.LastTokens(), search.IsFinished);
        }
    }
}
