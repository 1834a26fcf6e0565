using System.Collections.Immutable;
using System.Diagnostics.Contracts;
using Pyvene.Typed.Analysis;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>Is the result of one run of a configuration on a language model. It owns its tensors: disposing it disposes them.</summary>
public class ExperimentRun : IDisposable
{
    private readonly InterventionRun run;
    private readonly PromptEncoder prompts;
    private readonly Prompt prompt;
    private readonly long[] lastColumns;

    internal ExperimentRun(InterventionRun run, PromptEncoder prompts, Prompt prompt, bool hasLastOnly)
    {
        this.run = run;
        this.prompts = prompts;
        this.prompt = prompt;
        lastColumns = hasLastOnly ? new long[run.Tokens.Rows] : [.. run.Tokens.LastColumns];
    }

    /// <summary>Takes over the tensors of a run that is not used any more.</summary>
    private protected ExperimentRun(ExperimentRun run)
    {
        this.run = run.run;
        prompts = run.prompts;
        prompt = run.prompt;
        lastColumns = run.lastColumns;
        PredictsNext = run.PredictsNext;
    }

    /// <summary>Gets whether the logits at a place are those of the next token, because a place sees none behind it.</summary>
    internal bool PredictsNext { get; init; }

    /// <summary>Gets what names tokens; <see langword="null"/> = nothing does.</summary>
    internal TextTokenizer? Tokenizer => prompts.Tokenizer;

    /// <summary>
    /// Gets the logits of the intervened run: [batch, position, vocab] of a language model, or what <see cref="RunOptions.NextTokenOnly"/> leaves of it,
    /// [batch, label] of a classifier.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model has no head.</exception>
    public Tensor Logits => run.Logits;

    /// <summary>Gets the logits of the clean run, of the same shape.</summary>
    /// <exception cref="InvalidOperationException">The run's options left the clean run out, or the model has no head.</exception>
    public Tensor CleanLogits => run.CleanLogits ?? throw new InvalidOperationException(run.HasClean
        ? "The model has no head, so there are no logits; see LastHiddenState."
        : "There is no clean run beside this one: it has no interventions, so that Logits are the clean ones, or its options left it out "
            + "(WithClean = false); run with new RunOptions { WithClean = true }.");

    /// <summary>
    /// Gets the final norm's output of the intervened run of a bare model: [batch, position, dModel]; <see langword="null"/> for one with a head.
    /// </summary>
    public Tensor? LastHiddenState => run.LastHiddenState;

    /// <summary>
    /// Gets which positions of the base hold real tokens: bool [batch, position], false at padding, on the model's device. It lies over <see cref="Logits"/>
    /// and over what is collected without <c>At</c>. The run owns it.
    /// </summary>
    public Tensor Mask => run.Mask;

    /// <summary>Gets how many real tokens every example of the base has.</summary>
    public ImmutableArray<int> Lengths => run.Lengths;

    /// <summary>
    /// Returns the logits of the intervened run at one position of one example: [vocab], a view of <see cref="Logits"/>; the caller disposes it.
    /// </summary>
    /// <param name="example">The example, counted from 0.</param>
    /// <param name="position">The position among the example's real tokens, from its start or end, so that padding never shifts it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The example or the position does not exist.</exception>
    /// <exception cref="InvalidOperationException">The model has no language model head, or the run was made with <see cref="RunOptions.NextTokenOnly"/> and
    /// the position is not the last.</exception>
    [Pure]
    public Tensor LogitsAt(int example, Index position) => run.LogitsAt(example, position);

    /// <summary>Returns the ids of the real tokens that <see cref="Logits"/> have positions of, of one example of the base.</summary>
    internal IReadOnlyList<int> TokensOf(int example) => prompts.TokensOf(prompt, example);

    /// <summary>Gets what every intervention did, in the order of the experiment.</summary>
    public IReadOnlyList<EffectReceipt> Receipts => run.Receipts;

    /// <summary>Gets the values that a named step collected: [batch, unit …, width]. The run owns them.</summary>
    /// <param name="name">The step's name in the configuration, such as <c>collect_0</c>.</param>
    /// <exception cref="InterventionException">No collecting step has this name.</exception>
    public Tensor this[string name] => run[name];

    /// <summary>
    /// Returns the gradient of a score with respect to what a step collected, as in attribution patching (Nanda, 2023): [batch, unit …, width]; the caller
    /// disposes it.
    /// </summary>
    /// <remarks>
    /// The run must have been made with <see cref="RunOptions.Gradients"/>; no parameter has to learn. The <c>grad</c> of other tensors stays as it is, nothing
    /// is added up, and the graph is kept until the run is disposed, so that further calls give their own right answers.
    /// </remarks>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="name">The step's name in the configuration, such as <c>collect_0</c>.</param>
    /// <exception cref="InterventionException">No collecting step has this name.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on the values.</exception>
    [Pure]
    public Tensor Gradient(Tensor score, string name) => run.Gradient(score, name);

    /// <summary>
    /// Returns the gradients of a score with respect to what several steps collected, in the order of the names, in one backward pass; otherwise as
    /// <see cref="Gradient"/>.
    /// </summary>
    /// <param name="score">One number, computed from the run's outputs; it stays the caller's.</param>
    /// <param name="names">The steps' names in the configuration.</param>
    /// <exception cref="InterventionException">No collecting step has one of the names.</exception>
    /// <exception cref="ArgumentException">The score is not one number.</exception>
    /// <exception cref="InvalidOperationException">The run recorded no gradients, or the score does not depend on one of the values.</exception>
    [Pure]
    public IReadOnlyList<Tensor> Gradients(Tensor score, IEnumerable<string> names) => run.Gradients(score, names);

    /// <summary>Returns the likeliest next tokens behind every prompt, before and after the interventions.</summary>
    /// <param name="count">How many tokens, at least 1.</param>
    /// <exception cref="InvalidOperationException">The model has no language model head, or the folder no tokenizer.</exception>
    public TopTokens TopTokens(int count = 5)
    {
        if (Tokenizer is not { } tokenizer || run.Logits.ndim != 3)
        {
            throw new InvalidOperationException("Next tokens need a model with a language model head and a tokenizer.");
        }

        return Analysis.TopTokens.Of(run.CleanLogits, run.Logits, lastColumns, tokenizer, prompt, count);
    }

    /// <summary>Reads a metric off the next-token logits behind every prompt, before and after the interventions.</summary>
    /// <param name="metric">The metric, such as <see cref="Metric.Probability(string)"/>.</param>
    /// <exception cref="InterventionException">A token's text is not one token, or the metric gives NaN for finite logits.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model has no language model head, or the metric compares with the clean run, which was left out.
    /// </exception>
    public Measurement Measure(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (run.Logits.ndim != 3)
        {
            throw new InvalidOperationException("A metric is read off next tokens, which need a model with a language model head.");
        }

        if (metric.ComparesWithClean && run.CleanLogits is null)
        {
            throw new InvalidOperationException(
                $"'{metric.Name}' compares with the clean run, which was left out; run with new RunOptions {{ WithClean = true }}.");
        }

        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var measure = metric.For(Tokenizer, prompt.Count);
        var (after, before) = (Last(run.Logits), run.CleanLogits is { } clean ? Last(clean) : null); // [batch, vocab]
        return new Measurement(metric.NameFor(Tokenizer), Values(after), before is null ? null : Values(before));

        ImmutableArray<double> Values(Tensor logits)
        {
            ImmutableArray<double> values = [.. measure(logits, before ?? logits).to(float64).cpu().data<double>().ToArray()];
            return !values.Any(double.IsNaN) || !logits.isfinite().all().cpu().item<bool>()
                ? values
                : throw new InterventionException("metric", $"'{metric.NameFor(Tokenizer)}' is not a number (NaN), although all logits are finite. Look for "
                    + "0 · log 0, a logarithm of a negative number or a division by 0 in the metric.");
        }

        Tensor Last(Tensor logits) => LogitsSelection.At(tensor(lastColumns, dtype: int64, device: logits.device)).Select(logits)!.squeeze(1).to(float32);
    }

    /// <summary>
    /// Returns the probability of a next token behind every prompt, before and after the interventions, as <see cref="Measure"/> with
    /// <see cref="Metric.Probability(string)"/>.
    /// </summary>
    /// <param name="token">The token's text, such as <c>" Rome"</c>: with the blank before it.</param>
    /// <exception cref="InterventionException">The text is not one token.</exception>
    /// <exception cref="InvalidOperationException">The model has no language model head.</exception>
    [Pure]
    public Measurement Probability(string token) => Measure(Metric.Probability(token));

    /// <summary>Writes the collected values to a file for other programs; its ending says in which form.</summary>
    /// <param name="path">
    /// A file that ends in <c>.safetensors</c>, <c>.json</c> (shape and values in row-major order) or <c>.csv</c> (a line an element); an existing one is
    /// replaced at once or not at all. Tensors have the names of their handles.
    /// </param>
    /// <exception cref="ArgumentException">The ending is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCollected(string path) => run.SaveCollected(path);

    /// <summary>Disposes the tensors of the run.</summary>
    public void Dispose()
    {
        run.Dispose();
        GC.SuppressFinalize(this);
    }
}
