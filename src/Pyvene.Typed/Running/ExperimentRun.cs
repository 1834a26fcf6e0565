using Pyvene.Typed.Analysis;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is the result of one run of an experiment on a language model. It owns its tensors: disposing it disposes them.</summary>
/// <typeparam name="TModel">The architecture.</typeparam>
public sealed class ExperimentRun<TModel> : IDisposable
    where TModel : IArchitecture
{
    private readonly InterventionRun run;
    private readonly Func<Collected<TModel>, bool> knows;
    private readonly string experiment;
    private readonly TextTokenizer? tokenizer;
    private readonly Prompt prompt;
    private readonly long[] lastColumns;

    internal ExperimentRun(InterventionRun run, Func<Collected<TModel>, bool> knows, string experiment, TextTokenizer? tokenizer, Prompt prompt, long[] lastColumns)
    {
        this.run = run;
        this.knows = knows;
        this.experiment = experiment;
        this.tokenizer = tokenizer;
        this.prompt = prompt;
        this.lastColumns = lastColumns;
    }

    /// <summary>Gets the logits of the intervened run: [batch, position, vocab] of a language model, [batch, label] of a classifier.</summary>
    /// <exception cref="InvalidOperationException">The model has no head.</exception>
    public Tensor Logits => run.Logits;

    /// <summary>Gets the logits of the clean run, of the same shape; <see langword="null"/> when the run's options left it out.</summary>
    public Tensor? CleanLogits => run.CleanLogits;

    /// <summary>Gets the final norm's output of the intervened run of a bare model: [batch, position, dModel]; <see langword="null"/> for one with a head.</summary>
    public Tensor? LastHiddenState => run.LastHiddenState;

    /// <summary>Gets what every intervention did, in the order of the experiment.</summary>
    public IReadOnlyList<EffectReceipt> Receipts => run.Receipts;

    /// <summary>Gets the values that a step collected: [batch, unit …, width]. The run owns them.</summary>
    /// <param name="handle">The handle that the step gave.</param>
    /// <exception cref="InterventionException">The handle is another experiment's.</exception>
    public Tensor this[Collected<TModel> handle] => knows(handle)
        ? run[handle.Name]
        : throw new InterventionException("handle", $"The handle collects {handle.Place} in another experiment; this run is of the experiment {experiment}, which has no such step. Use the handle of a step of the experiment that was run.");

    /// <summary>Returns the likeliest next tokens behind every prompt, before and after the interventions.</summary>
    /// <param name="count">How many tokens, at least 1.</param>
    /// <exception cref="InvalidOperationException">The model has no language model head, or the folder no tokenizer.</exception>
    public TopTokens TopTokens(int count = 5)
    {
        if (tokenizer is null || run.Logits.ndim != 3)
        {
            throw new InvalidOperationException("Next tokens need a model with a language model head and a tokenizer.");
        }

        return Analysis.TopTokens.Of(run.CleanLogits, run.Logits, lastColumns, tokenizer, prompt, count);
    }

    /// <summary>Disposes the tensors of the run.</summary>
    public void Dispose() => run.Dispose();
}
