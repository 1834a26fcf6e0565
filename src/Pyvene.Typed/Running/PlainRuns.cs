using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;

namespace Pyvene.Typed;

/// <summary>Runs a language model as it is, and generates a number of tokens.</summary>
public static class PlainRuns
{
    /// <summary>Runs the model without intervention: <c>model.Run("The capital of Spain is")</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="options">The settings; <see langword="null"/> = the defaults. There is no second, clean run unless they ask for it.</param>
    /// <returns>The result, whose logits are the clean ones; the caller disposes it.</returns>
    /// <exception cref="InterventionException">The prompt does not fit the model.</exception>
    public static ExperimentRun Run(this LanguageModel model, Prompt prompt, RunOptions? options = null)
    {
        options ??= new RunOptions();
        return model.Given().Run(new InterventionConfig(), prompt, null, options.WithClean is null ? options with { WithClean = false } : options);
    }

    /// <summary>Generates at most so many tokens without intervention, else as the model's folder says.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The prompts.</param>
    /// <param name="maxNewTokens">How many tokens a row gets at most, at least 1.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="LanguageModel.Generate(Prompt, GenerationOptions?, CancellationToken)"/>
    public static GeneratedText Generate(this LanguageModel model, Prompt prompt, int maxNewTokens, CancellationToken cancellationToken = default) =>
        model.Given().Generate(prompt, model.Defaults with { MaxNewTokens = maxNewTokens }, cancellationToken);

    /// <summary>Generates at most so many tokens without intervention, else as the model's folder says, and yields them piece by piece.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">One prompt.</param>
    /// <param name="maxNewTokens">How many tokens it gets at most, at least 1.</param>
    /// <param name="cancellationToken">Stops the generation between two steps.</param>
    /// <inheritdoc cref="LanguageModel.StreamAsync(Prompt, GenerationOptions?, CancellationToken)"/>
    public static TextStream StreamAsync(this LanguageModel model, Prompt prompt, int maxNewTokens, CancellationToken cancellationToken = default) =>
        model.Given().StreamAsync(prompt, model.Defaults with { MaxNewTokens = maxNewTokens }, cancellationToken);
}
