using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Generation;

/// <summary>Changes the scores of the next token before one is chosen: forbids tokens, penalises them, or narrows the candidates.</summary>
/// <remarks>The processors of this library hold plain numbers only, so one instance can serve many generations at once; a derived class says whether it can.</remarks>
public abstract class LogitsProcessor
{
    /// <summary>Returns the changed scores. Temporary tensors are disposed before it returns.</summary>
    /// <param name="tokens">The tokens so far, prompt included: int64 [row, position]. Stays the caller's.</param>
    /// <param name="scores">Logits or log-probabilities of the next token: float [row, vocab]. Never written into; stays the caller's.</param>
    /// <returns><paramref name="scores"/> itself where nothing changes, otherwise a fresh tensor [row, vocab] that belongs to the current dispose scope.</returns>
    public Tensor Apply(Tensor tokens, Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(scores);
        using var scope = NewDisposeScope();
        return scope.HandOut(Process(tokens, scores));
    }

    /// <summary>Computes the changed scores inside a dispose scope of its own.</summary>
    /// <param name="tokens">The tokens so far: int64 [row, position].</param>
    /// <param name="scores">The scores: float [row, vocab]; must not be written into.</param>
    /// <returns><paramref name="scores"/> itself where nothing changes, otherwise a fresh tensor [row, vocab].</returns>
    protected abstract Tensor Process(Tensor tokens, Tensor scores);
}
