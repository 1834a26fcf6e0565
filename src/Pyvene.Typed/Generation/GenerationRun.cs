using Pyvene.Typed.Models;

namespace Pyvene.Typed.Generation;

/// <summary>Owns everything that one generation is made of, from the checked prompt to the search.</summary>
internal sealed class GenerationRun : IDisposable
{
    private readonly GenerationPrompt prompt;
    private readonly StepwiseDecoder decoder;

    /// <summary>Checks prompt and options and begins the search; the model is not run yet.</summary>
    /// <param name="config">The configuration of the model.</param>
    /// <param name="inputs">The prompts; they stay the caller's.</param>
    /// <param name="options">How to generate.</param>
    /// <exception cref="ArgumentException">The prompt is malformed, or options contradict it or each other.</exception>
    public GenerationRun(ModelConfig config, ModelInputs inputs, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        prompt = GenerationPrompt.From(inputs, options, config);
        try
        {
            var plan = new GenerationPlan(options, prompt, config);
            decoder = new StepwiseDecoder(prompt, plan.RowsPerPrompt, options.UseCache);
            Search = options.NumBeams == 1 ? new RowwiseSearch(plan, decoder, prompt) : new BeamSearch(plan, decoder, prompt);
        }
        catch
        {
            decoder?.Dispose();
            prompt.Dispose();
            throw;
        }
    }

    /// <summary>Gets the search.</summary>
    public TokenSearch Search { get; }

    /// <summary>Begins the next step, whose owner runs the pass that it asks for and disposes it; null when every text has ended.</summary>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="OperationCanceledException">The generation was cancelled.</exception>
    public SearchStep? Next(CancellationToken cancellationToken)
    {
        if (Search.IsFinished) return null;
        cancellationToken.ThrowIfCancellationRequested();
        return new SearchStep(Search);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Search.Dispose();
        decoder.Dispose();
        prompt.Dispose();
    }
}
