using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Holds the texts that were generated. It owns its tensors: they live in no dispose scope, and disposing it disposes them.</summary>
public sealed class GenerationOutput : IDisposable
{
    /// <summary>
    /// Gets the tokens, prompt included: int64 [text, position]. Texts of one prompt follow each other; a text that ended early is filled with the padding
    /// token. After a prompt of embeddings, only new tokens.
    /// </summary>
    public required Tensor Sequences { get; init; }

    /// <summary>Gets at which position of <see cref="Sequences"/> the new tokens begin.</summary>
    public required int PromptLength { get; init; }

    /// <summary>
    /// Gets how many new tokens every text has, its end token included: one number a text. What lies behind them in <see cref="Sequences"/>, and what steps
    /// behind them computed for the row, is filling.
    /// </summary>
    public IReadOnlyList<int> Lengths { get; init; } = [];

    /// <summary>
    /// Gets the scores of every step after the processors, each float32 [row, vocab], where <see cref="GenerationOptions.OutputScores"/> asked for them. A beam
    /// search has one row a beam and log-probabilities.
    /// </summary>
    public IReadOnlyList<Tensor>? Scores { get; init; }

    /// <summary>
    /// Gets the logits of every step before the processors, each float32 [row, vocab], where <see cref="GenerationOptions.OutputLogits"/> asked for them.
    /// </summary>
    public IReadOnlyList<Tensor>? Logits { get; init; }

    /// <summary>
    /// Gets for every new token of a beam search the row of <see cref="Scores"/> that it was chosen from, −1 behind a text's end: int64 [text, new position].
    /// </summary>
    public Tensor? BeamIndices { get; init; }

    /// <summary>
    /// Gets the score of every text of a beam search, its log-probability over its length to the power of <see cref="GenerationOptions.LengthPenalty"/>:
    /// float32 [text].
    /// </summary>
    public Tensor? SequencesScores { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sequences?.Dispose(); // nothing is there before an initialiser sets it
        BeamIndices?.Dispose();
        SequencesScores?.Dispose();
        foreach (var tensor in (Scores ?? []).Concat(Logits ?? [])) tensor.Dispose();
    }
}
