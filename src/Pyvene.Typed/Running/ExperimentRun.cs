using System.Diagnostics.Contracts;
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
    private readonly Func<Collected<TModel>, string> nameOf;
    private readonly TextTokenizer? tokenizer;
    private readonly Prompt prompt;
    private readonly long[] lastColumns;

    internal ExperimentRun(InterventionRun run, Func<Collected<TModel>, string> nameOf, TextTokenizer? tokenizer, Prompt prompt, long[] lastColumns)
    {
        this.run = run;
        this.nameOf = nameOf;
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
    public Tensor this[Collected<TModel> handle] => run[nameOf(handle)];

    /// <summary>Returns the gradient of a score with respect to what a step collected, as in attribution patching (Nanda, 2023): [batch, unit …, width]; the caller disposes it.</summary>
    /// <remarks>The run must have been made with <see cref="RunOptions.Gradients"/>; no parameter has to learn. The <c>grad</c> of other tensors stays as it is, nothing is added up, and the graph is kept until the run is disposed, so that further calls give their own right answers.</remarks>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="handle">The handle that the step gave.</param>
    /// <exception cref="InterventionException">The handle is another experiment's.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on the values.</exception>
    [Pure]
    public Tensor Gradient(Tensor score, Collected<TModel> handle) => run.Gradient(score, nameOf(handle));

    /// <summary>Returns the gradients of a score with respect to what several steps collected, in the order of the handles, in one backward pass; otherwise as <see cref="Gradient"/>.</summary>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="handles">The handles that the steps gave.</param>
    /// <exception cref="InterventionException">A handle is another experiment's.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on one of the values.</exception>
    [Pure]
    public IReadOnlyList<Tensor> Gradients(Tensor score, params IEnumerable<Collected<TModel>> handles) => run.Gradients(score, handles.Select(nameOf));

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
