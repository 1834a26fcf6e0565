// Reproduces GenerationMixin._sample of transformers 4.57.6: greedy search and sampling.
using Pyvene.Typed.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Continues every row by itself, by its most likely token or by a drawn one, until it ends.</summary>
internal sealed class RowwiseSearch : TokenSearch
{
    private Tensor tokens; // [row, position]
    private Tensor isOpen; // [row]
    private Tensor lengths; // [row]; of what is new
    private int steps;

    /// <summary>Begins the search.</summary>
    /// <param name="plan">What to search for.</param>
    /// <param name="decoder">Runs the model; it stays the caller's.</param>
    /// <param name="prompt">The prompts; they stay the caller's.</param>
    public RowwiseSearch(GenerationPlan plan, StepwiseDecoder decoder, GenerationPrompt prompt)
        : base(plan, decoder)
    {
        using var scope = NewDisposeScope();
        tokens = Kept(prompt.TokenRows(plan.RowsPerPrompt));
        lengths = Kept(zeros(tokens.shape[0], ScalarType.Int64, prompt.Device));
        isOpen = Kept(ones(tokens.shape[0], ScalarType.Bool, prompt.Device));
    }

    /// <summary>Reads the token that every row got in the last step.</summary>
    public IReadOnlyList<long> LastTokens()
    {
        using var scope = NewDisposeScope();
        return tokens.select(1, -1).cpu().data<long>().ToArray();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        tokens.Dispose();
        isOpen.Dispose();
        lengths.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    public override (Tensor Rows, Func<long[]>? Filling) Asked() => (tokens, Plan.CanEnd && tokens.shape[0] > 1 ? Filling : null);

    /// <inheritdoc/>
    protected override void Advance(Tensor rows, Tensor logits)
    {
        var scores = Plan.Process(tokens, logits); // [row, vocab]
        Record(logits, scores);
        var next = Choose(scores); // [row]
        next = Plan.CanEnd ? where(isOpen, next, full_like(next, Scalars.Of(Plan.PadTokenId))) : next; // [row]
        tokens = Kept(cat([tokens, next.unsqueeze(1)], 1), tokens); // [row, position + 1]
        lengths = Kept(lengths.add(isOpen, Scalars.Of(1)), lengths);
        steps++;
        isOpen = Plan.CanEnd ? Kept(isOpen.logical_and(Plan.Ends(tokens).logical_not()), isOpen) : isOpen; // [row]
        IsFinished = tokens.shape[1] >= Plan.MaxLength || (Plan.CanEnd && !isOpen.any().item<bool>());
    }

    /// <inheritdoc/>
    protected override (Tensor Sequences, Tensor Lengths, Tensor? BeamIndices, Tensor? SequencesScores) Found() =>
        (tokens.clone(), lengths.clone(), null, null);

    /// <summary>
    /// Reads how many columns every row has behind its end: its end token is the last of the text, and what a step computes for it is nobody's.
    /// </summary>
    private long[] Filling()
    {
        using var scope = NewDisposeScope();
        return where(isOpen, zeros_like(lengths), Scalars.Of(steps + 1) - lengths).cpu().data<long>().ToArray(); // [row]
    }

    private Tensor Choose(Tensor scores) => Randomness is null ? scores.argmax(1) : Draw(scores, 1).squeeze(1); // [row]
}
