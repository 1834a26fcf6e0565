using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;

namespace Pyvene.Typed;

public partial class LanguageModel
{
    private GenerationOptions? generationDefaults;

    /// <summary>Gets how the model's folder says to generate; a plan adds the stops that the tokenizer finds.</summary>
    internal GenerationOptions Defaults =>
        generationDefaults ??= Module.Config.Origin.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? GenerationOptions.Of(Module.Config)
            : Path.GetDirectoryName(Module.Config.Origin) is { Length: > 0 } folder && Directory.Exists(folder)
            ? GenerationOptions.Load(folder)
            : new GenerationOptions();

    /// <summary>Returns options with the special tokens that they leave unset from the model's folder; without options, all that the folder says.</summary>
    internal GenerationOptions Completed(GenerationOptions? generation)
    {
        if (generation is null) return Defaults;
        try
        {
            return generation.FilledFrom(Defaults);
        }
        catch (CheckpointException)
        {
            return generation; // options of one's own are the way around a file that asks for what is not supported
        }
    }

    /// <summary>Generates text without intervention.</summary>
    /// <param name="prompt">The prompts.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="InterventionException">A prompt has no token.</exception>
    /// <exception cref="ArgumentException">The options contradict each other, or the prompts are too long.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public GeneratedText Generate(Prompt prompt, GenerationOptions? generation = null, CancellationToken cancellationToken = default) =>
        Generate(prompt, generation, null, cancellationToken);

    /// <summary>Generates text without intervention, with the settings of a run.</summary>
    /// <param name="prompt">The prompts.</param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the run.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="Generate(Prompt, GenerationOptions?, CancellationToken)"/>
    public GeneratedText Generate(Prompt prompt, GenerationOptions? generation, RunOptions? options, CancellationToken cancellationToken = default)
    {
        using var plan = Bind(new InterventionConfig());
        return plan.Generate(prompt, generation, options, null, cancellationToken);
    }

    /// <summary>Generates text under a configuration.</summary>
    /// <param name="config">The configuration; every place says when in the generation it is acted on.</param>
    /// <param name="base">The prompts.</param>
    /// <param name="sources">
    /// The sources in order, as many as the configuration reads; <see cref="Source.Skip"/> leaves one out on purpose; <see langword="null"/> = none.
    /// </param>
    /// <param name="generation">How to generate; <see langword="null"/> = as the model's folder says.</param>
    /// <param name="options">The settings of the interventions; <see langword="null"/> = the defaults.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <returns>The texts, the receipts and what was collected, which the caller disposes.</returns>
    /// <exception cref="InterventionException">
    /// The configuration or the prompts do not fit the model (nothing has run), or an intervention had no effect.
    /// </exception>
    /// <exception cref="ArgumentException">The options contradict each other, or the prompts are too long.</exception>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public GeneratedText Generate(
        InterventionConfig config,
        Prompt @base,
        IReadOnlyList<SourceInput>? sources = null,
        GenerationOptions? generation = null,
        RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using var plan = Bind(config);
        return plan.Generate(@base, generation, options, null, cancellationToken, [.. sources ?? []]);
    }

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
}
