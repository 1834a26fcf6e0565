using Pyvene.Typed.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>
/// Is a search for texts that advances by one token a step. Nothing of a dispose scope is kept from step to step, so steps may run on different threads.
/// </summary>
internal abstract class TokenSearch : IDisposable
{
    private readonly List<Tensor> scores = [];
    private readonly List<Tensor> logits = [];

    /// <summary>Initialises the search.</summary>
    /// <param name="plan">What to search for.</param>
    /// <param name="decoder">Knows the passes; it stays the caller's.</param>
    protected TokenSearch(GenerationPlan plan, StepwiseDecoder decoder)
    {
        (Plan, Decoder) = (plan, decoder);
        Randomness = plan.Randomness();
    }

    /// <summary>Gets whether every text has ended.</summary>
    public bool IsFinished { get; protected set; }

    /// <summary>Gets what to search for.</summary>
    protected GenerationPlan Plan { get; }

    /// <summary>Gets what knows the passes of the texts so far.</summary>
    public StepwiseDecoder Decoder { get; }

    /// <summary>Gets the source of random numbers; <see langword="null"/> where nothing is drawn.</summary>
    protected Generator? Randomness { get; }

    /// <summary>Gets the number of the step, from 0.</summary>
    private int StepNumber { get; set; }

    /// <summary>
    /// Returns the texts whose next token is asked for, int64 [row, position], and what reads how many of the last columns every row has behind its end; null =
    /// none has any.
    /// </summary>
    public abstract (Tensor Rows, Func<long[]>? Filling) Asked();

    /// <summary>Chooses one more token for every text, inside the dispose scope of its step.</summary>
    /// <param name="rows">The texts that were asked for: int64 [row, position].</param>
    /// <param name="logits">The logits of their next token: float32 [row, vocab].</param>
    public void Take(Tensor rows, Tensor logits)
    {
        Advance(rows, logits);
        StepNumber++;
    }

    /// <summary>Returns the texts. The tensors become the output's; the search is over.</summary>
    public GenerationOutput Finish()
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var found = Found();
        var output = new GenerationOutput
        {
            Sequences = found.Sequences.DetachFromDisposeScope(),
            BeamIndices = found.BeamIndices?.DetachFromDisposeScope(),
            SequencesScores = found.SequencesScores?.DetachFromDisposeScope(),
            PromptLength = Plan.PromptLength,
            Lengths = [.. found.Lengths.cpu().data<long>().ToArray().Select(length => (int)length)],
            Scores = Plan.Options.OutputScores ? [.. scores] : null,
            Logits = Plan.Options.OutputLogits ? [.. logits] : null,
        };
        scores.Clear();
        logits.Clear();
        return output;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        foreach (var tensor in scores.Concat(logits)) tensor.Dispose();
        Randomness?.Dispose();
    }

    /// <inheritdoc cref="Take(Tensor, Tensor)"/>
    protected abstract void Advance(Tensor rows, Tensor logits);

    /// <summary>Returns fresh tensors of the texts that were found; lengths are those of what is new: int64 [text].</summary>
    protected abstract (Tensor Sequences, Tensor Lengths, Tensor? BeamIndices, Tensor? SequencesScores) Found();

    /// <summary>Keeps the numbers of a step, as far as they are wanted.</summary>
    protected void Record(Tensor stepLogits, Tensor stepScores)
    {
        if (Plan.Options.OutputLogits) logits.Add(stepLogits.alias().DetachFromDisposeScope());
        if (Plan.Options.OutputScores) scores.Add(stepScores.alias().DetachFromDisposeScope());
    }

    /// <summary>Draws places by their probability, none of them twice: int64 [row, <paramref name="count"/>].</summary>
    /// <param name="scores">Logits: float32 [row, place].</param>
    /// <param name="count">How many are drawn in every row.</param>
    /// <exception cref="InterventionException">A row has nothing that could be drawn.</exception>
    protected Tensor Draw(Tensor scores, int count)
    {
        // Checked here, because on an accelerator the native error would end the process's use of it.
        var isDrawable = scores.amax([1]).isfinite().logical_and(scores.isnan().any(1).logical_not()); // [row]
        if (!isDrawable.all().item<bool>())
        {
            var row = isDrawable.to(ScalarType.Int64).argmin().item<long>();
            throw new InterventionException("generation", $"No token can be drawn for row {row} at step {StepNumber}: its scores are not numbers, or the "
                + "options forbid every token. Look at the logits, or loosen the options.");
        }

        return scores.softmax(1).cpu().multinomial(count, generator: Randomness).to(scores.device);
    }

    /// <summary>Keeps a tensor beyond the step in place of another.</summary>
    protected static Tensor Kept(Tensor next, Tensor? old = null)
    {
        old?.Dispose();
        return next.DetachFromDisposeScope();
    }
}
